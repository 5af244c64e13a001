// Token buckets and the source of a connection, as the limits per address count them.
import { describe, expect, it } from 'vitest';
import { sourceOf, sourceOfRemote } from '../../../src/main/platform/source-address';
import { TokenBuckets } from '../../../src/main/platform/token-buckets';

describe('token buckets', () => {
  it('capacity used up -> the time until the next token; time passes -> one more', () => {
    const buckets = new TokenBuckets({ capacity: 2, perSecond: 0.5 });
    expect([0, 0, 0, 500].map((atMs) => buckets.take('a', atMs))).toEqual([0, 0, 2000, 1500]);
    expect(buckets.take('a', 2000)).toBe(0);
    expect(buckets.take('a', 2000)).toBe(2000);
    expect(buckets.take('b', 2000)).toBe(0);
    expect([1, 2, 3].map(() => buckets.take('a', 1_000_000))).toEqual([0, 0, 2000]);
  });

  it('many keys -> the least recently used is forgotten', () => {
    const buckets = new TokenBuckets({ capacity: 1, perSecond: 1, maxKeys: 2 });
    for (const key of ['a', 'b', 'a', 'c']) buckets.take(key, 0);
    expect(buckets.size).toBe(2);
    expect(buckets.take('a', 0)).toBe(1000);
    expect(buckets.take('b', 0)).toBe(0);
  });
});

it.each([
  ['192.168.1.7', '192.168.1.7'],
  ['::ffff:10.0.0.7', '10.0.0.7'],
  ['2001:0db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::1', '2001:db8:0:0::/64'],
  ['2001:DB8::1', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  ['64:ff9b::10.0.0.7', '64:ff9b:0:0::/64'],
  [undefined, 'unknown'],
])('source of %s -> %s', (address, source) => {
  expect(sourceOf(address)).toBe(source);
});

it('source of a peer with its port -> without the port', () => {
  expect([sourceOfRemote('10.0.0.7:4711'), sourceOfRemote('2001:db8::1:2:4711')]).toEqual(['10.0.0.7', '2001:db8:0:0::/64']);
});

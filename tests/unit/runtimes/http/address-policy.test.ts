// Which addresses may be connected to.
import { describe, expect, test } from 'vitest';
import { mayConnect } from '../../../../src/main/runtimes/http/address-policy';

const FOREIGN = ['192.168.1.20', '10.0.0.5', '8.8.8.8', 'fd12::1', '2001:db8::1', '::ffff:192.168.1.20'];
const NEVER = [
  '0.0.0.0',
  '169.254.169.254',
  '100.100.100.200',
  '192.0.0.192',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  'fe80::1',
  'ff02::1',
  'fd00:ec2::254',
  '::ffff:169.254.169.254',
  '::ffff:0.0.0.0',
  'localhost',
  '',
];

describe('mayConnect: local runtime', () => {
  test.each(['127.0.0.1', '127.255.0.3', '::1', '::ffff:127.0.0.1'])('%s -> true', (address) => {
    expect([mayConnect(address, false), mayConnect(address, true)]).toEqual([true, true]);
  });

  test.each([...FOREIGN, ...NEVER])('%s -> false', (address) => {
    expect(mayConnect(address, false)).toBe(false);
  });
});

describe('mayConnect: host allowed by the owner', () => {
  test.each(FOREIGN)('%s -> true', (address) => {
    expect(mayConnect(address, true)).toBe(true);
  });

  test.each(NEVER)('%s -> false', (address) => {
    expect(mayConnect(address, true)).toBe(false);
  });
});

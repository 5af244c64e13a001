// The address by which this computer can be woken: that of the interface that reaches the scheduler.
import { expect, test } from 'vitest';
import { wakeMacOf } from '../../../../src/main/agent/core/wake-mac';
import { wakeMacSchema } from '../../../../src/shared/protocol/wake';

const INTERFACES = {
  lo: [{ address: '127.0.0.1', mac: '00:00:00:00:00:00', internal: true }],
  eth0: [
    { address: '192.168.1.20', mac: '3C:52:82:01:02:03', internal: false },
    { address: 'fe80::1', mac: '3C:52:82:01:02:03', internal: false },
  ],
  wlan0: [{ address: '192.168.1.21', mac: '3c:52:82:01:02:04', internal: false }],
  tailscale0: [{ address: '100.64.0.3', mac: '00:00:00:00:00:00', internal: false }],
  odd: undefined,
};

test.each<readonly [string, string | null, string | null]>([
  ['IPv4', '192.168.1.20', '3c:52:82:01:02:03'],
  ['another interface', '192.168.1.21', '3c:52:82:01:02:04'],
  ['IPv4 in IPv6', '::ffff:192.168.1.20', '3c:52:82:01:02:03'],
  ['IPv6 with a zone', 'fe80::1%eth0', '3c:52:82:01:02:03'],
  ['loopback', '127.0.0.1', null],
  ['VPN without an address', '100.64.0.3', null],
  ['unknown address', '10.0.0.9', null],
  ['not connected', null, null],
])('%s -> %s', (_case, localAddress, expected) => {
  expect(wakeMacOf(localAddress, INTERFACES)).toBe(expected);
});

test.each([
  ['3C:52:82:01:02:03', true],
  ['02:00:00:00:00:01', true],
  ['00:00:00:00:00:00', false],
  ['ff:ff:ff:ff:ff:ff', false],
  ['01:00:5e:00:00:01', false],
  ['3c-52-82-01-02-03', false],
  ['3c:52:82:01:02', false],
  ['3c:52:82:01:02:03\n', false],
  ['3c:52:82:01:02:03:04:05', false],
])('schema: %j -> %s', (mac, isValid) => {
  expect(wakeMacSchema.safeParse(mac).success).toBe(isValid);
});

import type { NetworkInterfaceInfo } from 'node:os';
import { expect, test } from 'vitest';
import { lanHosts } from '../../../../src/main/hosting/core/lan-urls';

const ipv4 = (address: string, internal = false): NetworkInterfaceInfo => ({
  address,
  netmask: '255.255.255.0',
  family: 'IPv4',
  mac: '',
  internal,
  cidr: null,
});
const ipv6 = (address: string): NetworkInterfaceInfo => ({
  address,
  netmask: '',
  family: 'IPv6',
  mac: '',
  internal: false,
  cidr: null,
  scopeid: 0,
});

test('real cards come first, container bridges last, loopback, link-local and IPv6 never', () => {
  expect(
    lanHosts({
      lo: [ipv4('127.0.0.1', true)],
      docker0: [ipv4('172.17.0.1')],
      'br-1a2b': [ipv4('172.18.0.1')],
      eth0: [ipv6('fe80::1'), ipv4('192.168.1.20')],
      wlan0: [ipv4('10.0.0.5'), ipv4('169.254.3.4')],
      veth9: undefined,
    }),
  ).toEqual(['192.168.1.20', '10.0.0.5', '172.17.0.1', '172.18.0.1']);
});

test('an address on two interfaces is offered once', () => {
  expect(lanHosts({ eth0: [ipv4('10.0.0.5')], eth1: [ipv4('10.0.0.5')] })).toEqual(['10.0.0.5']);
});

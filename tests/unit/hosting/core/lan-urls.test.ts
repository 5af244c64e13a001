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

test('LAN hosts: physical networks first, container bridges last, no loopback, link-local or IPv6', () => {
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

test('LAN hosts: one address on two interfaces -> once', () => {
  expect(lanHosts({ eth0: [ipv4('10.0.0.5')], eth1: [ipv4('10.0.0.5')] })).toEqual(['10.0.0.5']);
});

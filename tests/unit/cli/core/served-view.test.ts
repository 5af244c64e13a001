import { expect, test } from 'vitest';
import { servedView } from '../../../../src/main/cli/core/served-view';

const server = { host: '127.0.0.1', loopback: 'open', allowedHosts: [] } as const;
const place = { server, lanHosts: ['192.168.1.20', '172.17.0.1'], caFile: '/data/ca.pem', caPem: 'PEM of the CA' };
const address = { host: '127.0.0.1', port: 7080, secure: false, pin: null };
const none = { shared: false, lan_urls: [], pin: null, ca_file: null, ca_pem: null, loopback_needs_key: false };

test('served view: before it listens -> null', () => {
  expect(servedView(null, place)).toBeNull();
});

test('served view: on loopback -> no address for others, no key', () => {
  expect(servedView(address, place)).toEqual(none);
});

test.each([
  ['server.loopback = keys', { ...server, loopback: 'keys' as const }],
  ['allowed_hosts', { ...server, allowedHosts: ['pool.example.org'] }],
])('served view: on loopback with %s -> programs here need a key', (_setting, changed) => {
  expect(servedView(address, { ...place, server: changed })).toEqual({ ...none, loopback_needs_key: true });
});

const shared = { shared: true, loopback_needs_key: true };
test.each([
  ['0.0.0.0', ['https://192.168.1.20:7080', 'https://172.17.0.1:7080']],
  ['10.9.9.1', ['https://10.9.9.1:7080']],
  ['fd00::1', ['https://[fd00::1]:7080']],
])('served view: shared at %s -> addresses, pin and CA', (host, urls) => {
  const at = { host, port: 7080, secure: true, pin: 'sha256-x' };
  expect(servedView(at, { ...place, server: { ...server, host } })).toEqual({
    ...shared,
    lan_urls: urls,
    pin: 'sha256-x',
    ca_file: '/data/ca.pem',
    ca_pem: 'PEM of the CA',
  });
});

test('served view: certificate of the owner -> its name, no CA', () => {
  const at = { host: 'pool.example.org', port: 7080, secure: true, pin: null };
  expect(servedView(at, { ...place, server: { ...server, host: '0.0.0.0' } })).toEqual({
    ...shared,
    lan_urls: ['https://pool.example.org:7080'],
    pin: null,
    ca_file: null,
    ca_pem: null,
  });
});

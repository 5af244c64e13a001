import { describe, expect, test } from 'vitest';
import { servedTarget } from '../../../../src/renderer/components/connect/served-target';
import type { ServedView } from '../../../../src/shared/api/app-state';

const alone: ServedView = { shared: false, lan_urls: [], pin: null, ca_file: null, loopback_needs_key: false };
const shared: ServedView = {
  shared: true,
  lan_urls: ['https://192.168.1.20:7080', 'https://172.17.0.1:7080'],
  pin: 'sha256-x',
  ca_file: '/data/ca.pem',
  loopback_needs_key: true,
};
const plain = { caFile: null, isCaHere: false, pin: null };
const trusted = { caFile: '/data/ca.pem', pin: 'sha256-x' };

describe('served target', () => {
  test.each<[string, ServedView, string, object]>([
    ['not shared -> loopback, no key', alone, 'http://127.0.0.1:7080', { url: 'http://127.0.0.1:7080', needsKey: false, ...plain }],
    [
      'not shared, server.loopback = keys -> a key',
      { ...alone, loopback_needs_key: true },
      'http://127.0.0.1:7080',
      { url: 'http://127.0.0.1:7080', needsKey: true, ...plain },
    ],
    [
      'not shared, through a proxy -> its address, a key',
      alone,
      'https://pool.example.org',
      { url: 'https://pool.example.org', needsKey: true, ...plain },
    ],
    [
      'shared, on the host -> the address for other computers',
      shared,
      'http://localhost:7080/',
      { url: 'https://192.168.1.20:7080', needsKey: true, ...trusted, isCaHere: true },
    ],
    [
      'shared, on another computer -> the address of the page',
      shared,
      'https://pool.lan:7080',
      { url: 'https://pool.lan:7080', needsKey: true, ...trusted, isCaHere: false },
    ],
    [
      'shared, behind a proxy on another port -> its own certificate',
      shared,
      'https://pool.example.org',
      { url: 'https://pool.example.org', needsKey: true, ...plain },
    ],
    [
      'shared, certificate of the owner -> no CA',
      { ...shared, lan_urls: ['https://pool.example.org:7080'], pin: null, ca_file: null },
      'http://127.0.0.1:7080',
      { url: 'https://pool.example.org:7080', needsKey: true, ...plain },
    ],
    [
      'shared, in no network -> loopback, a key',
      { ...shared, lan_urls: [] },
      'http://127.0.0.1:7080',
      { url: 'http://127.0.0.1:7080', needsKey: true, ...plain },
    ],
  ])('%s', (_case, served, pageUrl, expected) => {
    expect(servedTarget(served, pageUrl)).toEqual(expected);
  });
});

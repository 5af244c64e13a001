// The names of a certificate and the time of its renewal.
import { describe, expect, it } from 'vitest';
import { certificateNames, renewalReason, SERVER_VALIDITY_MS } from '../../../../src/main/trust/core/certificate-plan';

const DAY_MS = 86_400_000;

describe('certificate names', () => {
  it('own names, allowed hosts, addresses of all interfaces -> sorted, each once', () => {
    const interfaces = {
      lo: [{ address: '127.0.0.1' }, { address: '::1' }],
      eth0: [{ address: '192.168.1.20' }, { address: 'fe80::1%eth0' }],
      docker0: [{ address: '172.17.0.1' }],
    };
    expect(
      certificateNames({ hostname: 'Annas-PC', allowedHosts: ['pool.example.com', 'LOCALHOST', '0.0.0.0', '::'], interfaces }),
    ).toEqual(
      [
        '127.0.0.1',
        '172.17.0.1',
        '192.168.1.20',
        '::1',
        'annas-pc',
        'annas-pc.local',
        'fe80::1',
        'localhost',
        'pool.example.com',
      ].toSorted(),
    );
  });

  it.each(['Annas Büro', 'a b', '*.example.com', '', '-x', 'a'.repeat(64), '"#'])('host name %j -> left out', (hostname) => {
    expect(certificateNames({ hostname, allowedHosts: [], interfaces: {} })).toEqual(['127.0.0.1', '::1', 'localhost']);
  });

  it('more names than a certificate holds -> 200', () => {
    const allowedHosts = Array.from({ length: 500 }, (_, index) => `host-${String(index)}`);
    expect(certificateNames({ hostname: 'x', allowedHosts, interfaces: {} })).toHaveLength(200);
  });
});

describe('renewal', () => {
  const notAfterWallMs = SERVER_VALIDITY_MS;
  const issued = { names: ['a', 'b'], notAfterWallMs };
  it.each([
    ['the same names, 31 days before the end', ['a', 'b'], notAfterWallMs - 31 * DAY_MS, null],
    ['a new name', ['a', 'b', 'c'], 0, 'names'],
    ['one name less', ['a'], 0, 'names'],
    ['29 days before the end', ['a', 'b'], notAfterWallMs - 29 * DAY_MS, 'expiry'],
    ['after the end', ['a', 'b'], notAfterWallMs + DAY_MS, 'expiry'],
  ])('%s -> %s', (_case, names, nowWallMs, reason) => {
    expect(renewalReason(issued, names, nowWallMs)).toBe(reason);
  });
});

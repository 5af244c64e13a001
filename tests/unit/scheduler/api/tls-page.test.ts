import { expect, test } from 'vitest';
import { tlsPage } from '../../../../src/main/scheduler/api/tls-page';

const pageAt = (host: string | undefined, hasPoolCa = true): string => tlsPage({ headers: host === undefined ? {} : { host } }, hasPoolCa);

test.each(['192.168.1.20:7080', 'anna-desktop.local:7080', '[fd00::2]:7080', 'pool.example'])(
  'page without TLS: opened at %s -> link to the same host over https',
  (host) => {
    expect(pageAt(host)).toContain(`<a class="address" href="https://${host}/">https://${host}/</a>`);
  },
);

test.each(['a"><script>alert(1)</script>', "x'onmouseover=alert(1)", 'a b', undefined])(
  'page without TLS: Host %j -> no markup and no broken link',
  (host) => {
    const page = pageAt(host);
    expect(page).not.toContain('<script');
    expect(page).not.toMatch(/href="(?!https:\/\/[^"\s]*")/);
    expect(page).toContain('https://');
  },
);

test('page without TLS: certificate of the owner -> nothing about the CA of the pool', () => {
  expect(pageAt('pool.example', false)).not.toContain('ca.pem');
  expect(pageAt('pool.example')).toContain('ca.pem');
});

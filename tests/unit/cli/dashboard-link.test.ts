import { describe, expect, test } from 'vitest';
import { dashboardLinksOf, lanLinkText, showDashboardLink } from '../../../src/main/cli/dashboard-link';
import { fakeIo } from './fake-io';

const LOCAL = 'http://127.0.0.1:7080';
const CODE = '/#code=ms_a';
const link = `${LOCAL}${CODE}`;
const FINGERPRINT = 'AB:CD:EF';
const address = (host: string, secure = true) => ({ host, port: 7080, secure, pin: secure ? 'sha256-x' : null });
const linksOf = (
  baseUrl: string,
  listening: ReturnType<typeof address> | null,
  lanHosts: readonly string[] = ['192.168.1.20', '10.0.0.2'],
) => dashboardLinksOf({ baseUrl, address: listening, caFingerprint: FINGERPRINT, lanHosts }, 'ms_a');

describe('links', () => {
  test.each([
    ['loopback', LOCAL, address('127.0.0.1', false), null],
    ['scheduler of an earlier version', LOCAL, null, null],
    ['shared', LOCAL, address('0.0.0.0'), [`https://192.168.1.20:7080${CODE}`, `https://10.0.0.2:7080${CODE}`]],
    ['shared over IPv6', 'http://[::1]:7080', address('::'), [`https://192.168.1.20:7080${CODE}`, `https://10.0.0.2:7080${CODE}`]],
    ['certificate of the owner', LOCAL, address('pool.example'), [`https://pool.example:7080${CODE}`]],
    ['reached over the network', 'https://192.168.1.9:7080', address('0.0.0.0'), [`https://192.168.1.9:7080${CODE}`]],
  ])('dashboard links: %s -> own link, and those for other computers', (_name, baseUrl, listening, lanLinks) => {
    expect(linksOf(baseUrl, listening)).toEqual({
      link: `${baseUrl}${CODE}`,
      lanLinks,
      caFingerprint: lanLinks === null ? null : FINGERPRINT,
    });
  });

  test('dashboard links: member of a cluster -> without a code', () => {
    const place = { baseUrl: LOCAL, address: address('0.0.0.0'), caFingerprint: null, lanHosts: ['10.0.0.2'] };
    expect(dashboardLinksOf(place, null)).toEqual({ link: LOCAL, lanLinks: ['https://10.0.0.2:7080'], caFingerprint: null });
  });
});

describe('text', () => {
  const MINUTES = 15 * 60_000;

  test('dashboard links: pool not shared -> no text', () => {
    expect(lanLinkText({ link, lanLinks: null, caFingerprint: null }, MINUTES)).toBe('');
  });

  test('dashboard links: shared -> the best link, its single use, and how to check the certificate', () => {
    expect(lanLinkText(linksOf(LOCAL, address('0.0.0.0')), MINUTES)).toBe(
      `From another computer: https://192.168.1.20:7080${CODE}\n` +
        'Both links have the same code, which signs in one browser, once, within 15 min.\n' +
        'There the browser warns at the first visit, because the pool has its own CA. Install ca.pem from the data folder of the host ' +
        `there, or compare the SHA-256 fingerprint of the certificate "Muster pool ..." with ${FINGERPRINT}\n`,
    );
  });

  test('dashboard links: certificate of the owner -> no text about it; reached over the network -> one link', () => {
    expect(lanLinkText({ ...linksOf(LOCAL, address('pool.example')), caFingerprint: null }, MINUTES)).not.toContain('certificate');
    expect(lanLinkText(linksOf('https://10.0.0.2:7080', address('0.0.0.0')), MINUTES)).toMatch(
      /^The link signs in one browser, once, within 15 min\.\n/,
    );
  });

  test('dashboard links: shared, and no network address now -> said', () => {
    expect(lanLinkText(linksOf(LOCAL, address('0.0.0.0'), []), MINUTES)).toBe(
      'This computer has no network address now: the link works on this computer only.\n',
    );
  });
});

describe('started scheduler', () => {
  const shown = (env: Record<string, string>, lanLinks: readonly string[] | null = null): string => {
    const io = fakeIo(env);
    showDashboardLink(io, { links: { link, lanLinks, caFingerprint: null }, endsAtWallMs: 1_900_000 }, 1_000_000);
    return io.written.err;
  };

  test('dashboard link: daemon of a person -> printed', () => {
    expect(shown({})).toBe(`Dashboard: ${link}\n`);
  });

  test('dashboard link: shared pool -> the link for other computers, too', () => {
    expect(shown({}, [`https://10.0.0.2:7080${CODE}`])).toBe(
      `Dashboard: ${link}\nFrom another computer: https://10.0.0.2:7080${CODE}\n` +
        'Both links have the same code, which signs in one browser, once, within 15 min.\n',
    );
  });

  test.each(['MUSTER_SUPERVISED', 'MUSTER_NO_DASHBOARD_LINK'])(
    'dashboard link: %s=1, where a log keeps the output -> not printed',
    (name) => {
      expect(shown({ [name]: '1' }, ['https://10.0.0.2:7080'])).toBe('');
    },
  );
});

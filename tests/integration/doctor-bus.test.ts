// The check of the bus of a cluster in `muster doctor`, over real NATS servers.
import { existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type BusCheck, BUS_PROBLEMS, busFixes, busRows } from '../../src/main/cli/core/bus-check';
import { checkBus } from '../../src/main/cli/doctor-bus';
import { systemClock } from '../../src/main/platform/clock';
import type { ClusterBusConfig } from '../../src/main/platform/config/config';
import { createAuthority, createAuthorityKey, createServerCertificate } from '../../src/main/trust/certificates';
import { natsServer } from '../support/nats';
import { useNatsMembers } from '../support/nats-members';
import { skipNote } from '../support/requirements';

const NO_DATA_DIR = '/nonexistent/data';
const POOL = 'abcdef0123456789';

const checked = async (url: string, settings: Partial<ClusterBusConfig> = {}, dataDir = NO_DATA_DIR): Promise<BusCheck> =>
  checkBus({ url, credentialsFile: null, caFile: null, ...settings }, dataDir, systemClock);
const problem = (code: string, detail: unknown): unknown => ({ problems: [{ code, detail }] });

const users = (permissions: string): string =>
  `authorization { users = [ { user: muster, password: "right", permissions: { ${permissions} } } ] }`;
const CREDENTIALS = 'user=muster\npassword=right\n';

describe.skipIf(natsServer.missing !== undefined)(`doctor: bus${skipNote(natsServer)}`, () => {
  const members = useNatsMembers();

  test('a server with credentials -> works; nothing is left behind', async () => {
    const { url } = await members().server(users('publish: "muster.>", subscribe: "muster.>"'));
    const credentialsFile = members().file('bus.creds', CREDENTIALS);
    const check = await checked(url, { credentialsFile });
    expect([check, busRows(check), busFixes(check, { language: 'en' })]).toEqual([{ problems: [] }, [['cluster bus', 'works', '']], '']);
    expect(existsSync(NO_DATA_DIR)).toBe(false);
  });

  test('permission for the subjects of one pool: works with its name in the data folder', async () => {
    const { url } = await members().server(users(`publish: "muster.${POOL}.>", subscribe: "muster.${POOL}.>"`));
    const credentialsFile = members().file('bus.creds', CREDENTIALS);
    const dataDir = members()
      .file('pool-id', `${POOL}\n`)
      .replace(/\/pool-id$/, '');
    expect(await checked(url, { credentialsFile }, dataDir)).toEqual({ problems: [] });
  });

  test.each([
    ['publish', 'publish: "other.>", subscribe: "muster.>"'],
    ['subscribe', 'publish: "muster.>", subscribe: "other.>"'],
  ])('no permission to %s -> permission', async (operation, permissions) => {
    const { url } = await members().server(users(permissions));
    const credentialsFile = members().file('bus.creds', CREDENTIALS);
    expect(await checked(url, { credentialsFile })).toEqual(problem('permission', operation));
  });

  test('wrong password, or none -> auth, without the password', async () => {
    const { url } = await members().server(users('publish: "muster.>", subscribe: "muster.>"'));
    const credentialsFile = members().file('bus.creds', 'user=muster\npassword=wr0ng-secret\n');
    const check = await checked(url, { credentialsFile });
    expect(check).toEqual(problem('auth', expect.any(String)));
    expect(JSON.stringify(check)).not.toContain('wr0ng-secret');
    expect(await checked(url)).toEqual(problem('auth', expect.any(String)));
  });

  test('credentials file: missing, and of another form -> credentials, without its content', async () => {
    const { url } = await members().server();
    expect(await checked(url, { credentialsFile: '/none/bus' })).toEqual(problem('credentials', '/none/bus: cannot be read (ENOENT)'));
    const credentialsFile = members().file('bus.creds', 'my-secret\n');
    const check = await checked(url, { credentialsFile });
    expect(check).toEqual(problem('credentials', expect.stringContaining('expected a .creds file')));
    expect(JSON.stringify(check)).not.toContain('my-secret');
  });

  test('server away -> unreachable', async () => {
    const server = await members().server();
    await server.kill();
    expect(await checked(server.url)).toEqual(problem('unreachable', 'ECONNREFUSED'));
  });

  test('server hangs -> unreachable within seconds', async () => {
    const server = await members().server();
    await server.freeze();
    expect(await checked(server.url)).toEqual(problem('unreachable', expect.any(String)));
  });

  test('max_payload too small -> payload_limit with both numbers', async () => {
    const { url } = await members().server('max_payload: 65536');
    expect(await checked(url)).toEqual(problem('payload_limit', '65536 bytes, needed: 524297'));
  });

  test('TLS: the CA of the server -> works; another CA, no TLS, another host -> tls; no file, no certificate -> ca_file', async () => {
    const nowWallMs = Date.now();
    const [ca, other] = await Promise.all([0, 1].map(async () => createAuthority(await createAuthorityKey(), nowWallMs)));
    if (ca === undefined || other === undefined) throw new Error('no CA');
    const { key, cert } = await createServerCertificate(ca, ['localhost'], nowWallMs);
    const files = { key: members().file('key.pem', key), cert: members().file('cert.pem', cert) };
    const { port } = await members().server(`tls { cert_file: "${files.cert}", key_file: "${files.key}" }`);
    const [url, caFile] = [`tls://localhost:${String(port)}`, members().file('ca.pem', ca.cert)];
    expect(await checked(url, { caFile })).toEqual({ problems: [] });
    const failed = [
      await checked(url, { caFile: members().file('other.pem', other.cert) }),
      await checked(`nats://localhost:${String(port)}`),
      await checked(`tls://127.0.0.1:${String(port)}`, { caFile }),
    ];
    expect(failed).toEqual(failed.map(() => problem('tls', expect.any(String))));
    expect(await checked(url, { caFile: '/none/ca.pem' })).toEqual(problem('ca_file', '/none/ca.pem: ENOENT'));
    expect(await checked(url, { caFile: members().file('ca.txt', 'text') })).toEqual(problem('ca_file', expect.any(String)));
  });
});

test.each(BUS_PROBLEMS)('doctor: bus, %s -> a row, and what to do in both languages', (code) => {
  const check: BusCheck = {
    problems: [
      { code, detail: 'a' },
      { code, detail: 'b' },
    ],
  };
  expect(busRows(check)).toEqual([
    ['cluster bus', `failed: ${code}`, 'a'],
    ['cluster bus', `failed: ${code}`, 'b'],
  ]);
  const texts = (['en', 'zh'] as const).map((language) => busFixes(check, { language }));
  expect(texts[0]).toMatch(/^[\x20-\x7e]+\n$/);
  expect(texts[1]).toMatch(/^[^\n]*\p{Script=Han}[^\n]*\n$/u);
});

// The check of the database of a cluster in `muster doctor`, over a real PostgreSQL.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type DatabaseCheck,
  DATABASE_PROBLEMS,
  databaseFixes,
  type DatabaseProblem,
  databaseRows,
  problemOfFault,
} from '../../src/main/cli/core/database-check';
import { checkDatabase } from '../../src/main/cli/doctor-database';
import { systemClock } from '../../src/main/platform/clock';
import type { ClusterConfig } from '../../src/main/platform/config/config';
import { migrateDatabase } from '../../src/main/scheduler/database/postgres/migrate';
import { TestPostgres } from '../support/postgres';
import { requirePostgres, skipNote } from '../support/requirements';
import { reservePort } from '../support/reserved-port';

const { missing } = requirePostgres();
const problem = (code: string, detail: unknown): unknown => ({ problems: [{ code, detail }], server_version: null, answer_ms: null });

describe.skipIf(missing !== undefined)(`doctor: database${skipNote({ missing })}`, () => {
  let server: TestPostgres;
  let database: string;
  beforeAll(async () => {
    server = await TestPostgres.start({ isDurable: true });
    database = await server.newDatabase();
  });
  afterAll(() => server?.remove());

  const urlOf = (name = database, { user = 'postgres', query = '' } = {}): string =>
    `postgres://${user}@127.0.0.1:${String(server.port)}/${name}${query}`;
  const checked = (databaseUrl: string, change: Partial<ClusterConfig> = {}): Promise<DatabaseCheck> =>
    checkDatabase({ databaseUrl, databasePasswordFile: null, memberName: null, address: null, bus: null, ...change }, {}, systemClock);
  const tablesOf = (name: string): Promise<readonly unknown[]> =>
    server.query("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace", name);

  test('empty, and with the tables -> works with version and time; nothing is changed', async () => {
    const empty = await checked(urlOf());
    expect(empty).toEqual({ problems: [], server_version: expect.stringMatching(/^\d+/), answer_ms: expect.any(Number) });
    expect(databaseRows(empty)[0]).toEqual(['cluster database', 'works', expect.stringMatching(/^PostgreSQL \d.*, answers in [\d.]+ ms$/)]);
    expect([await tablesOf(database), databaseFixes(empty, { language: 'en' })]).toEqual([[], '']);
    const used = await server.newDatabase();
    await migrateDatabase(server.connect(server.target(used)));
    const before = await tablesOf(used);
    expect((await checked(urlOf(used))).problems).toEqual([]);
    expect(await tablesOf(used)).toEqual(before);
  });

  test('no user, no database -> auth, no_database', async () => {
    expect(await checked(urlOf(database, { user: 'stranger' }))).toEqual(problem('auth', expect.stringContaining('stranger')));
    expect(await checked(urlOf('nothing'))).toEqual(problem('no_database', expect.stringContaining('nothing')));
  });

  test('user without rights: to create tables, to change them -> permission', async () => {
    const used = await server.newDatabase();
    await server.query('CREATE ROLE guest LOGIN');
    const without = { problems: [{ code: 'permission', detail: 'no right to create or change tables' }] };
    expect(await checked(urlOf(used, { user: 'guest' }))).toMatchObject(without);
    await migrateDatabase(server.connect(server.target(used)));
    expect(await checked(urlOf(used, { user: 'guest' }))).toMatchObject(without);
  });

  test('read-only -> no_primary; tables of a newer Muster -> too_new', async () => {
    const used = await server.newDatabase();
    await migrateDatabase(server.connect(server.target(used)));
    await server.query('UPDATE schema_version SET version = 99, min_version = 98', used);
    const newer = { problems: [{ code: 'too_new', detail: expect.stringMatching(/^schema 99, supported: \d+$/) as unknown }] };
    expect(await checked(urlOf(used))).toMatchObject(newer);
    await server.query(`ALTER DATABASE ${used} SET default_transaction_read_only = on`);
    expect(await checked(urlOf(used))).toEqual(problem('no_primary', expect.stringContaining('read-only')));
  });

  test('commits that do not wait for the disk -> not_durable, with the settings', async () => {
    const used = await server.newDatabase();
    await server.query(`ALTER DATABASE ${used} SET synchronous_commit = off`);
    const lost = { problems: [{ code: 'not_durable', detail: 'synchronous_commit = off' }], server_version: expect.any(String) as string };
    expect(await checked(urlOf(used))).toMatchObject(lost);
    await migrateDatabase(server.connect(server.target(used)));
    expect(await checked(urlOf(used))).toMatchObject(lost);
  });

  test('no TLS -> tls; no file of the CA, no password file, wrong URL -> named, without the password', async () => {
    expect(await checked(urlOf(database, { query: '?sslmode=require' }))).toEqual(problem('tls', expect.any(String)));
    const verified = urlOf(database, { query: '?sslmode=verify-full&sslrootcert=/none/ca.pem' });
    expect(await checked(verified)).toEqual(problem('ca_file', '/none/ca.pem: ENOENT'));
    expect(await checked(urlOf(), { databasePasswordFile: '/none/pw' })).toEqual(
      problem('password_file', expect.stringContaining('/none/pw')),
    );
    expect(await checked('postgres://muster:s3cret@db:x/muster')).toEqual(problem('settings', 'port'));
  });

  test('no server -> unreachable, also beside others that are away', async () => {
    const reserved = await reservePort();
    const away = `127.0.0.1:${String(reserved.port)}`;
    expect(await checked(`postgres://muster@${away},${away}/muster`)).toEqual(
      problem('unreachable', expect.stringContaining('ECONNREFUSED')),
    );
    expect((await checked(`postgres://postgres@${away},127.0.0.1:${String(server.port)}/${database}`)).problems).toEqual([]);
    reserved.release();
  });
});

/** The texts of PostgreSQL 17, Node.js and `connectPrimary`. */
test.each<[string, string | null, DatabaseProblem]>([
  ['no pg_hba.conf entry for host "10.0.0.1", user "muster", database "muster", SSL encryption', '28000', 'auth'],
  ['no pg_hba.conf entry for host "10.0.0.1", user "muster", database "muster", no encryption', '28000', 'auth'],
  ['password authentication failed for user "muster"', '28P01', 'auth'],
  ['database "muster" does not exist', '3D000', 'no_database'],
  ['permission denied for table leader', '42501', 'permission'],
  ['sorry, too many clients already', '53300', 'unreachable'],
  ['the database system is starting up', '57P03', 'unreachable'],
  ['10.0.0.2:5432: connect ECONNREFUSED 10.0.0.2:5432', null, 'unreachable'],
  ['10.0.0.2:5432: The server does not support SSL connections', null, 'tls'],
  ['10.0.0.2:5432: self-signed certificate in certificate chain', null, 'tls'],
  ["10.0.0.2:5432: Hostname/IP does not match certificate's altnames: IP: 10.0.0.2 is not in the cert's list", null, 'tls'],
  ['10.0.0.2:5432: the server is a standby', null, 'no_primary'],
  ['syntax error at end of input', '42601', 'failed'],
])('doctor: database, fault "%s", SQLSTATE %s -> %s', (reason, sqlState, code) => {
  expect(problemOfFault({ kind: 'failed', sqlState, reason })).toEqual({ code, detail: reason });
});

test.each(DATABASE_PROBLEMS)('doctor: database, %s -> a row, and what to do in both languages', (code) => {
  const check: DatabaseCheck = { problems: [{ code, detail: 'a\u001b' }], server_version: null, answer_ms: null };
  expect(databaseRows(check)).toEqual([['cluster database', `failed: ${code}`, expect.not.stringContaining('\u001b')]]);
  const texts = (['en', 'zh'] as const).map((language) => databaseFixes(check, { language }));
  expect(texts[0]).toMatch(/^[\x20-\x7e]+\n$/);
  expect(texts[1]).toMatch(/^[^\n]*\p{Script=Han}[^\n]*\n$/u);
});

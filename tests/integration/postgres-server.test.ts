// PostgreSQL servers as operators have them: standbys and promotion, read-only, TLS, PgBouncer, full disks, schemas of other versions.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/main/platform/clock';
import { LEASE_TIMEOUTS, LeaderLease } from '../../src/main/scheduler/cluster/leader-lease';
import { type Connect, connectPrimary } from '../../src/main/scheduler/database/postgres/connection';
import type { DatabaseTarget } from '../../src/main/scheduler/database/postgres/core/database-url';
import type { DeposedReason } from '../../src/main/scheduler/database/postgres/core/leader-term';
import { migrateDatabase } from '../../src/main/scheduler/database/postgres/migrate';
import type { Statement } from '../../src/main/scheduler/database/store';
import { createAuthority, createAuthorityKey, createServerCertificate } from '../../src/main/trust/certificates';
import { ok } from '../../src/shared/result';
import { TcpProxy } from '../support/faults/tcp-proxy';
import { useMigratedPostgres } from '../support/migrated-postgres';
import { startPgBouncer } from '../support/pgbouncer';
import { TestPostgres } from '../support/postgres';
import { openTestStore } from '../support/postgres-store';
import { requirePostgres, skipNote } from '../support/requirements';
import { temporaryDir } from '../support/test-scheduler';
import { until } from '../support/until';

const { missing } = requirePostgres();
const WRITTEN = { ok: true, value: null };
const mark = (name: string): Statement => ({ into: 'marks', columns: ['name', 'at'], rows: [[name, 0]] });

describe.skipIf(missing !== undefined)(`PostgreSQL servers${skipNote({ missing })}`, () => {
  const postgres = useMigratedPostgres();

  const connected = async (target: DatabaseTarget) => {
    const connection = await connectPrimary(target);
    if (connection.ok) onTestFinished(() => connection.value.end());
    return connection;
  };

  describe('hosts', () => {
    test('no server, a wrong database -> the reason of each host', async () => {
      const none = await connected(postgres.server.target('postgres', { port: 1 }));
      expect(none).toMatchObject({ ok: false, error: { kind: 'lost', sqlState: null, reason: expect.stringContaining('127.0.0.1:1: ') } });
      expect(await connected(postgres.server.target('no_such'))).toMatchObject({
        ok: false,
        error: { kind: 'refused', sqlState: '3D000' },
      });
    });

    test('a standby is promoted -> the term ends and the next one has what the standby has', async () => {
      const primary = await TestPostgres.start();
      onTestFinished(() => primary.remove());
      expect((await migrateDatabase(primary.connect())).ok).toBe(true);
      const standby = await TestPostgres.start({ primary });
      onTestFinished(() => standby.remove());
      const onStandby = await connected(standby.target());
      expect(onStandby).toMatchObject({ ok: false, error: { kind: 'lost', reason: expect.stringContaining('the server is a standby') } });

      const hosts = [standby, primary].flatMap((one) => one.target().hosts);
      const target = { ...primary.target(), hosts };
      const deposed: DeposedReason[] = [];
      const connect = primary.connect(target);
      const store = await openTestStore(primary, 'postgres', { connect, onDeposed: (reason) => deposed.push(reason) });
      onTestFinished(() => store.close());
      expect(await store.write([mark('a')])).toEqual(WRITTEN);
      const onBoth = 'SELECT name FROM marks';
      await until('the standby to have the write', async () => (await standby.query(onBoth)).length === 1);

      const { epochs, reasons } = startLease(primary.connect(target, LEASE_TIMEOUTS));
      await primary.query("UPDATE leader SET expires_at = '-infinity'");
      await until('the lease', () => epochs.length === 1);
      await until('the standby to have the lease', async () => (await standby.query('SELECT 1 FROM leader WHERE epoch = 2')).length === 1);
      await primary.stop('SIGQUIT');
      const crashedMs = performance.now();
      standby.promote();
      expect((await store.write([mark('b')])).ok).toBe(false);
      expect(deposed).toEqual(['database_promoted']);
      await until('the next term', () => epochs.length === 2, 15_000);
      expect(performance.now() - crashedMs).toBeLessThan(10_000);
      expect([epochs, reasons]).toEqual([[2, 3], ['database_promoted']]);

      const next = await openTestStore(standby, 'postgres', { connect });
      onTestFinished(() => next.close());
      expect(await next.write([mark('c')])).toEqual(WRITTEN);
      expect(await next.read({ text: 'SELECT name FROM marks ORDER BY name', values: [] })).toEqual([{ name: 'a' }, { name: 'c' }]);
    });

    test('the server becomes read-only -> the connection is dropped; with writes again the write is stored', async () => {
      const own = await TestPostgres.start();
      onTestFinished(() => own.remove());
      expect((await migrateDatabase(own.connect())).ok).toBe(true);
      const faults: string[] = [];
      const store = await openTestStore(own, 'postgres', { onFault: ({ reason }) => faults.push(reason) });
      onTestFinished(() => store.close());
      expect(await store.write([mark('a')])).toEqual(WRITTEN);
      const configure = async (sql: string): Promise<void> => {
        const client = await own.client();
        await client.query(sql);
        await client.query('SELECT pg_reload_conf()');
        await client.end();
      };
      await configure('ALTER SYSTEM SET default_transaction_read_only = on');
      await until(
        'the setting',
        async () => (await own.query('SHOW default_transaction_read_only'))[0]?.['default_transaction_read_only'] === 'on',
      );
      const writing = store.write([mark('b')]);
      await until('the store to look for a primary', () => faults.some((reason) => reason.includes('the server is read-only')));
      expect(faults[0]).toContain('25006');
      await configure('ALTER SYSTEM RESET default_transaction_read_only');
      expect(await writing).toEqual(WRITTEN);
    });
  });

  test('a commit waits for a missing standby, and the connection is lost -> the write waits for its outcome', async () => {
    const own = await TestPostgres.start({ settings: ['synchronous_commit = on'] });
    onTestFinished(() => own.remove());
    expect((await migrateDatabase(own.connect())).ok).toBe(true);
    const proxy = await TcpProxy.open();
    onTestFinished(() => proxy.close());
    proxy.leadTo(own.port);
    const store = await openTestStore(own, 'postgres', { connect: own.connect(own.target('postgres', { port: proxy.port })) });
    onTestFinished(() => store.close());
    expect(await store.write([mark('a')])).toEqual(WRITTEN);
    const admin = await own.client();
    onTestFinished(() => admin.end());
    await admin.query('SET synchronous_commit = local');
    await admin.query("ALTER SYSTEM SET synchronous_standby_names = 'absent'");
    await admin.query('SELECT pg_reload_conf()');
    const backends = (condition: string) => async () =>
      (await admin.query(`SELECT 1 FROM pg_stat_activity WHERE ${condition}`)).rowCount === 1;
    await until(
      'the setting',
      async () => (await own.query('SHOW synchronous_standby_names'))[0]?.['synchronous_standby_names'] === 'absent',
    );
    let isResolved = false;
    const writing = store.write([mark('b')]).finally(() => (isResolved = true));
    await until('the commit to wait', backends("wait_event = 'SyncRep'"));
    proxy.reset();
    await until('the store to ask', backends("query LIKE '%SELECT epoch, 0 FROM leader%' AND query NOT LIKE '%pg_stat_activity%'"));
    expect(isResolved).toBe(false);
    await admin.query('ALTER SYSTEM RESET synchronous_standby_names');
    await admin.query('SELECT pg_reload_conf()');
    expect(await writing).toEqual(WRITTEN);
    expect((await own.query('SELECT count(*)::int AS n FROM marks'))[0]).toEqual({ n: 2 });
  });

  test('the server crashes before it has stored a commit, and numbers another transaction alike -> the write is repeated', async () => {
    // The log is written by commits only.
    const own = await TestPostgres.start({ isDurable: true, settings: ['wal_writer_delay = 10s'] });
    onTestFinished(() => own.remove());
    expect((await migrateDatabase(own.connect())).ok).toBe(true);
    const crashes: Promise<void>[] = [];
    let isArmed = false;
    const proxy = await TcpProxy.open({
      openTap: () => (direction, bytes) => {
        if (!isArmed || direction !== 'up' || !bytes.includes('COMMIT\0')) return;
        isArmed = false;
        proxy.set({ isHeld: true }, ['up']);
        crashes.push(own.stop('SIGQUIT'));
      },
    });
    onTestFinished(() => proxy.close());
    proxy.leadTo(own.port);
    const store = await openTestStore(own, 'postgres', { connect: own.connect(own.target('postgres', { port: proxy.port })) });
    onTestFinished(() => store.close());
    expect(await store.write([mark('a')])).toEqual(WRITTEN);
    isArmed = true;
    const writing = store.write([mark('b')]);
    await until('the crash', () => crashes.length > 0);
    proxy.leadTo(null);
    await Promise.all(crashes);
    proxy.reset();
    proxy.set({ isHeld: false });
    await own.restart();
    const names = async () => (await own.query('SELECT name FROM marks ORDER BY name')).map(({ name }) => name);
    expect(await names()).toEqual(['a']);
    // A transaction that was not in the log of the server has left its number to the next one.
    for (const name of ['x', 'y', 'z']) await own.query(`INSERT INTO marks VALUES ('${name}', 0)`);
    proxy.leadTo(own.port);
    expect(await writing).toEqual(WRITTEN);
    expect(await names()).toEqual(['a', 'b', 'x', 'y', 'z']);
  });

  // A file system of its own needs root.
  test.skipIf(process.getuid?.() !== 0)(
    'a full disk -> the write fails as full, nothing is stored; with space the same write works',
    async () => {
      const own = await TestPostgres.start({ smallDiskMb: 3 });
      onTestFinished(() => own.remove());
      expect((await migrateDatabase(own.connect())).ok).toBe(true);
      await own.query(`CREATE TABLESPACE small LOCATION '${own.smallDisk}'`);
      await own.query('ALTER TABLE marks SET TABLESPACE small');
      await own.query('CREATE TABLE ballast (bytes bytea) TABLESPACE small');
      await own.query('ALTER TABLE ballast ALTER bytes SET STORAGE EXTERNAL');
      await own.query("INSERT INTO ballast VALUES (decode(repeat('00', 2500000), 'hex'))");
      const store = await openTestStore(own, 'postgres');
      onTestFinished(() => store.close());
      const rows = Array.from({ length: 5000 }, (_, index) => [`${'x'.repeat(200)} ${String(index)}`, 0]);
      const large: Statement = { into: 'marks', columns: ['name', 'at'], rows };
      expect(await store.write([mark('a'), large])).toMatchObject({
        ok: false,
        error: { isFull: true, reason: expect.stringContaining('53100') },
      });
      expect(await own.query('SELECT count(*)::int AS n FROM marks')).toEqual([{ n: 0 }]);
      await own.query('DROP TABLE ballast');
      expect(await store.write([mark('a'), large])).toEqual(WRITTEN);
    },
  );

  test('TLS: checked by its CA and name; another CA, another name, no TLS at the server -> no connection', async () => {
    const folder = temporaryDir();
    onTestFinished(folder.remove);
    const nowWallMs = Date.now();
    const [authority, other] = await Promise.all([0, 1].map(async () => createAuthority(await createAuthorityKey(), nowWallMs)));
    if (authority === undefined || other === undefined) throw new Error('no CA');
    const files = [authority, other].map(({ cert }, index) => {
      const file = path.join(folder.dir, `${String(index)}.pem`);
      writeFileSync(file, cert);
      return file;
    });
    const [caFile = '', otherFile = ''] = files;
    const secure = await TestPostgres.start({ tls: await createServerCertificate(authority, ['localhost'], nowWallMs) });
    onTestFinished(() => secure.remove());
    const target = (tlsMode: DatabaseTarget['tlsMode'], file: string | null, host = 'localhost'): DatabaseTarget => ({
      ...secure.target(),
      hosts: [{ host, port: secure.port }],
      tlsMode,
      caFile: file,
    });
    const isEncrypted = async (one: DatabaseTarget): Promise<unknown> => {
      const connection = await connected(one);
      if (!connection.ok) return connection.error.reason;
      const found = await connection.value.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()', []);
      connection.value.drop();
      const after = await connection.value.query('SELECT 1', []);
      expect([connection.value.isOpen, after.ok]).toEqual([false, false]);
      return found.ok && found.value.rows[0]?.['ssl'] === 1;
    };
    expect(await isEncrypted(target('verify-full', caFile))).toBe(true);
    expect(await isEncrypted(target('verify-ca', caFile, '127.0.0.1'))).toBe(true);
    expect(await isEncrypted(target('require', null))).toBe(true);
    expect(await isEncrypted(target('verify-full', caFile, '127.0.0.1'))).toContain('127.0.0.1');
    expect(await isEncrypted(target('verify-full', otherFile))).toContain('certificate');
    expect(await isEncrypted(target('verify-full', null))).toContain('certificate');
    expect(await isEncrypted(target('verify-full', path.join(folder.dir, 'none.pem')))).toContain('ENOENT');
    expect(await isEncrypted({ ...postgres.server.target(), tlsMode: 'verify-full', caFile })).toContain('does not support SSL');
  });

  test('PgBouncer in transaction mode: the limits of the server are in force in each transaction; the lease works', async () => {
    const bouncer = await startPgBouncer(postgres.server);
    onTestFinished(() => bouncer.stop());
    const database = await postgres.newDatabase();
    const target = postgres.server.target(database, { port: bouncer.port });
    const connection = await connected(target);
    if (!connection.ok) throw new Error(connection.error.reason);
    const { localSettings } = connection.value;
    const limit = "SELECT current_setting('idle_in_transaction_session_timeout') AS idle";
    expect(await connection.value.script(`BEGIN; ${localSettings} ${limit}; COMMIT`)).toEqual(
      ok({ rows: [{ idle: '5s' }], command: 'COMMIT' }),
    );
    const direct = await connected(postgres.server.target(database));
    expect(direct.ok && direct.value.localSettings).toBe('');
    expect(direct.ok && (await direct.value.query(limit, []))).toEqual(ok({ rows: [{ idle: '5s' }], command: 'SELECT' }));

    const { epochs } = startLease(postgres.server.connect(target, LEASE_TIMEOUTS));
    await until('the lease', () => epochs.length === 1);
  });
});

function startLease(connect: Connect) {
  const epochs: number[] = [];
  const reasons: DeposedReason[] = [];
  const lease = new LeaderLease({
    connect,
    holder: 'lease',
    clock: systemClock,
    listener: {
      onLeader: ({ epoch }) => epochs.push(epoch),
      onDeposed: (_, reason) => reasons.push(reason),
    },
  });
  lease.start();
  onTestFinished(() => lease.stop());
  return { epochs, reasons };
}

// The store on PostgreSQL when leaders change, connections break, and servers stop.
import { describe, expect, onTestFinished, test } from 'vitest';
import type { DeposedReason } from '../../src/main/scheduler/database/postgres/core/leader-term';
import { migrateDatabase } from '../../src/main/scheduler/database/postgres/migrate';
import type { PostgresStore, PostgresStoreOptions } from '../../src/main/scheduler/database/postgres/postgres-store';
import type { Statement } from '../../src/main/scheduler/database/store';
import { type Direction, TcpProxy } from '../support/faults/tcp-proxy';
import { useMigratedPostgres } from '../support/migrated-postgres';
import { TestPostgres } from '../support/postgres';
import { openTestStore, takeTerm } from '../support/postgres-store';
import { requirePostgres, skipNote } from '../support/requirements';
import { until } from '../support/until';

const { missing } = requirePostgres();
const WRITTEN = { ok: true, value: null };

const mark = (name: string): Statement => ({ into: 'marks', columns: ['name', 'at'], rows: [[name, 0]] });
const count = (name: string): Statement => ({ text: 'UPDATE marks SET at = at + 1 WHERE name = ?', values: [name] });

describe.skipIf(missing !== undefined)(`store on PostgreSQL under faults${skipNote({ missing })}`, () => {
  const postgres = useMigratedPostgres();

  interface Opened {
    readonly store: PostgresStore;
    readonly database: string;
    readonly deposed: readonly DeposedReason[];
    readonly faults: readonly string[];
    readonly marks: () => Promise<readonly unknown[]>;
  }

  async function open(options: Partial<PostgresStoreOptions> = {}, database?: string, on = postgres.server): Promise<Opened> {
    const name = database ?? (await postgres.newDatabase());
    const deposed: DeposedReason[] = [];
    const faults: string[] = [];
    const store = await openTestStore(on, name, {
      onDeposed: (reason) => deposed.push(reason),
      onFault: ({ reason }) => faults.push(reason),
      ...options,
    });
    onTestFinished(() => store.close());
    const marks = () => on.query('SELECT name, at::int FROM marks ORDER BY name', name);
    return { store, database: name, deposed, faults, marks };
  }

  /** The store connects through a proxy. `onCommit`: called before the proxy passes COMMIT on, until it returns true. */
  async function openBehindProxy(
    onCommit: (proxy: TcpProxy) => boolean = () => true,
    tryForMs = 20_000,
  ): Promise<Opened & { readonly proxy: TcpProxy }> {
    let isSeen = false;
    const tap = (direction: Direction, bytes: Buffer): void => {
      if (direction === 'up' && !isSeen && bytes.includes('COMMIT\0')) isSeen = onCommit(proxy);
    };
    const proxy = await TcpProxy.open({ openTap: () => tap });
    onTestFinished(() => proxy.close());
    proxy.leadTo(postgres.server.port);
    const database = await postgres.newDatabase();
    const opened = await open(
      { connect: postgres.server.connect(postgres.server.target(database, { port: proxy.port })), tryForMs },
      database,
    );
    return { ...opened, proxy };
  }

  describe('fence', () => {
    test('another leader -> the write is refused, the owner learns it once, later writes fail; reads work', async () => {
      const { store, database, deposed, marks } = await open();
      expect(await store.write([mark('a')])).toEqual(WRITTEN);
      await takeTerm(postgres.server, database, 'other');
      const refused = await Promise.all([store.write([mark('b')]), store.write([mark('c')])]);
      expect(refused.map(({ ok }) => ok)).toEqual([false, false]);
      expect(deposed).toEqual(['taken_over']);
      expect((await store.write([mark('d')])).ok).toBe(false);
      expect(await marks()).toEqual([{ name: 'a', at: 0 }]);
      expect(await store.read({ text: 'SELECT name FROM marks', values: [] })).toEqual([{ name: 'a' }]);
    });

    test('the same epoch of another holder -> refused', async () => {
      const { store, database, deposed } = await open();
      await postgres.server.query("UPDATE leader SET holder = 'other'", database);
      expect((await store.write([mark('a')])).ok).toBe(false);
      expect(deposed).toEqual(['taken_over']);
    });

    test('a take-over between the fence and the commit -> waits for the commit', async () => {
      let isCommitSent = false;
      const { store, database, marks, deposed, proxy } = await openBehindProxy((present) => {
        present.set({ isHeld: true }, ['up']);
        return (isCommitSent = true);
      });
      const writing = store.write([mark('a')]);
      await until('the commit to be sent', () => isCommitSent);
      const taking = postgres.server.query('UPDATE leader SET epoch = 99', database);
      const waits = `SELECT 1 FROM pg_stat_activity WHERE datname = '${database}' AND wait_event_type = 'Lock'`;
      await until('the take-over to wait', async () => (await postgres.server.query(waits)).length > 0);
      expect(await marks()).toEqual([]);
      proxy.heal();
      expect(await writing).toEqual(WRITTEN);
      await taking;
      expect((await store.write([mark('b')])).ok).toBe(false);
      expect([await marks(), deposed]).toEqual([[{ name: 'a', at: 0 }], ['taken_over']]);
    });

    test('the own clock ends the lease before the commit -> rolled back', async () => {
      let asked = 0;
      const { store, marks, deposed } = await open({ isHeld: () => ++asked < 2 });
      expect((await store.write([mark('a')])).ok).toBe(false);
      expect([await marks(), deposed]).toEqual([[], ['lease_expired']]);
    });

    test('deposed while a write waits for a lock -> the write fails at once', async () => {
      const { store, database, deposed, marks } = await open();
      await store.write([mark('a')]);
      const client = await postgres.server.client(database);
      onTestFinished(() => client.end());
      await client.query("BEGIN; UPDATE marks SET at = 5 WHERE name = 'a'");
      const writing = store.write([count('a')]);
      const waits = `SELECT 1 FROM pg_stat_activity WHERE datname = '${database}' AND wait_event_type = 'Lock'`;
      await until('the write to wait', async () => (await postgres.server.query(waits)).length > 0);
      store.depose('lease_expired');
      expect((await writing).ok).toBe(false);
      await client.query('ROLLBACK');
      expect([await marks(), deposed]).toEqual([[{ name: 'a', at: 0 }], []]);
    });
  });

  describe('lost connections', () => {
    test('the answer to COMMIT is lost -> the server is asked; the write is stored once', async () => {
      const { store, marks, proxy, faults } = await openBehindProxy((present) => {
        present.set({ isHeld: true }, ['down']);
        return true;
      });
      const writing = store.write([mark('a'), count('a')]);
      await until('the commit on the server', async () => (await marks()).length === 1);
      proxy.reset();
      proxy.heal();
      expect(await writing).toEqual(WRITTEN);
      expect(faults).toHaveLength(1);
      expect(await marks()).toEqual([{ name: 'a', at: 1 }]);
      expect(await store.write([count('a')])).toEqual(WRITTEN);
    });

    test('the store closes while no server can be asked for an outcome -> the write fails within the limit', async () => {
      const { store, marks, proxy } = await openBehindProxy((present) => {
        present.set({ isHeld: true }, ['down']);
        return true;
      }, 300);
      const writing = store.write([mark('a')]);
      await until('the commit on the server', async () => (await marks()).length === 1);
      proxy.leadTo(null);
      proxy.reset();
      await store.close();
      expect((await writing).ok).toBe(false);
    });

    test('COMMIT is lost on its way -> the server is asked; the write is repeated and stored once', async () => {
      let isCommitSent = false;
      const { store, marks, proxy, faults } = await openBehindProxy((present) => {
        present.set({ isHeld: true }, ['up']);
        return (isCommitSent = true);
      });
      const writing = store.write([mark('a'), count('a')]);
      await until('the commit to be sent', () => isCommitSent);
      proxy.reset();
      proxy.heal();
      expect(await writing).toEqual(WRITTEN);
      expect(faults).toHaveLength(1);
      expect(await marks()).toEqual([{ name: 'a', at: 1 }]);
    });

    test('connections break again and again -> each write is stored once or not at all, as it was reported', async () => {
      const { store, marks, proxy } = await openBehindProxy();
      await store.write([mark('a')]);
      let written = 0;
      let isOver = false;
      const breaking = (async () => {
        while (!isOver) {
          proxy.reset();
          await postgres.server.query('SELECT pg_sleep(0.03)');
        }
      })();
      for (let index = 0; index < 150; index++) if ((await store.write([count('a')])).ok) written++;
      isOver = true;
      await breaking;
      expect(written).toBeGreaterThan(100);
      expect(await marks()).toEqual([{ name: 'a', at: written }]);
    });

    test('the server ends the connections of reads and writes -> both are repeated', async () => {
      const { store, database, faults } = await open();
      await store.write([mark('a')]);
      await store.read({ text: 'SELECT 1', values: [] });
      await postgres.server.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`);
      expect(await Promise.all([store.write([mark('b')]), store.write([mark('c')])])).toEqual([WRITTEN, WRITTEN]);
      const found = await Promise.all([1, 2, 3].map(() => store.read({ text: 'SELECT count(*) AS n FROM marks', values: [] })));
      expect(found).toEqual([[{ n: 3 }], [{ n: 3 }], [{ n: 3 }]]);
      expect(faults.every((reason) => !reason.includes('SQL'))).toBe(true);
    });

    test('a row is locked for longer than the limit of the server -> the write waits and is stored', async () => {
      const { store, database, marks, faults } = await open();
      await store.write([mark('a')]);
      const client = await postgres.server.client(database);
      onTestFinished(() => client.end());
      await client.query("BEGIN; UPDATE marks SET at = 5 WHERE name = 'a'");
      const writing = store.write([count('a')]);
      await until('the limit for locks', () => faults.length > 0);
      await client.query('COMMIT');
      expect(await writing).toEqual(WRITTEN);
      expect(faults[0]).toContain('55P03');
      expect(await marks()).toEqual([{ name: 'a', at: 6 }]);
    });

    test('no server for a while -> the write waits and is stored', async () => {
      // A commit is in the log of the server before it is answered.
      const own = await TestPostgres.start({ settings: ['synchronous_commit = on'] });
      onTestFinished(() => own.remove());
      expect((await migrateDatabase(own.connect())).ok).toBe(true);
      const { store, marks, deposed } = await open({}, 'postgres', own);
      await store.write([mark('a')]);
      // A crash: the server recovers from its log.
      await own.stop('SIGQUIT');
      const writing = store.write([mark('b')]);
      await own.restart();
      expect(await writing).toEqual(WRITTEN);
      expect(await marks()).toHaveLength(2);
      expect(deposed).toEqual([]);
    });

    test('the server crashes after a write of a chat -> the write is stored', async () => {
      // A commit that did not wait for the disk would stay in memory for this time.
      const own = await TestPostgres.start({ settings: ['synchronous_commit = on', 'wal_writer_delay = 10s'] });
      onTestFinished(() => own.remove());
      expect((await migrateDatabase(own.connect())).ok).toBe(true);
      const { store, marks } = await open({}, 'postgres', own);
      expect(await store.write([mark('a')], { isDurable: false })).toEqual(WRITTEN);
      await own.stop('SIGQUIT');
      await own.restart();
      expect(await marks()).toHaveLength(1);
    });

    test('no server for longer than the limit -> the write fails; later writes work again', async () => {
      const own = await TestPostgres.start();
      onTestFinished(() => own.remove());
      expect((await migrateDatabase(own.connect())).ok).toBe(true);
      const { store, deposed } = await open({ tryForMs: 300 }, 'postgres', own);
      await store.write([mark('a')]);
      await own.stop();
      const failing = await store.write([mark('c')]);
      expect(failing).toMatchObject({ ok: false, error: { isFull: false } });
      expect(failing.ok ? '' : failing.error.reason).toContain('ECONNREFUSED');
      await own.restart();
      expect(await store.write([mark('d')])).toEqual(WRITTEN);
      expect(deposed).toEqual([]);
    });
  });
});

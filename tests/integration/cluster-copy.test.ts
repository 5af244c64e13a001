// `muster cluster import` and `muster cluster export` on a real PostgreSQL: every row goes there and back, and each refusal changes nothing.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterCommand } from '../../src/main/cli/cluster-command';
import { runCli } from '../../src/main/cli/run-cli';
import { tablesOf } from '../../src/main/scheduler/cluster/pool-tables';
import { NODE_DATABASE } from '../../src/main/scheduler/database/migrations';
import { migrateDatabase } from '../../src/main/scheduler/database/postgres/migrate';
import { CA, writeFullPool } from '../support/full-pool';
import { OWNER_KEY } from '../support/http-api';
import { TestPostgres } from '../support/postgres';
import { takeTerm } from '../support/postgres-store';
import { requirePostgres, skipNote } from '../support/requirements';
import { temporaryDir } from '../support/test-scheduler';
import { fakeIo } from '../unit/cli/fake-io';

const { missing } = requirePostgres();

/** For each table the number of rows and a hash of all of them by their key. */
function contentsOf(folder: string): unknown {
  return ['scheduler.db', 'scheduler-jobs.db'].map((name) => {
    const database = new DatabaseSync(path.join(folder, name), { readOnly: true });
    try {
      return tablesOf(database).map((table) => {
        const hash = createHash('sha256');
        let count = 0;
        for (const row of database.prepare(`SELECT * FROM ${table.name} ORDER BY ${table.key.join(', ')}`).iterate()) {
          count++;
          for (const [column, value] of Object.entries(row))
            hash.update(`${column}:${typeof value}:`).update(value instanceof Uint8Array ? value : String(value));
        }
        return [table.name, count, hash.digest('hex')];
      });
    } finally {
      database.close();
    }
  });
}

describe.skipIf(missing !== undefined)(`copy of a pool${skipNote({ missing })}`, () => {
  let server: TestPostgres;
  let database = '';
  const folder = temporaryDir();
  const pool = path.join(folder.dir, 'pool');
  let before: unknown;

  beforeAll(async () => {
    server = await TestPostgres.start();
    mkdirSync(pool);
    writeFullPool(pool);
    before = contentsOf(pool);
  });
  afterAll(async () => {
    await server?.remove();
    folder.remove();
  });

  const urlOf = (name: string): string => `postgres://postgres@127.0.0.1:${String(server.port)}/${name}?sslmode=disable`;

  async function run(argv: readonly string[], url: string | null = urlOf(database)) {
    const io = fakeIo(url === null ? {} : { MUSTER_CLUSTER_DATABASE_URL: url });
    const code = await runCli(['cluster', ...argv, '--data-dir', pool], [clusterCommand], io);
    return { code, ...io.written };
  }

  const tablesOfDatabase = async (): Promise<number> =>
    Number((await server.query("SELECT count(*) AS n FROM pg_tables WHERE schemaname = 'public'", database))[0]?.['n']);

  test('import, export -> every row and file is the same; the audit log goes on; both refuse what would mix pools', async () => {
    database = await server.newDatabase();
    const dry = await run(['import', '--dry-run']);
    expect([dry.code, dry.err]).toEqual([0, 'Nothing was copied: --dry-run.\n']);
    expect(dry.out).toMatch(/^job_results +4$/m);
    expect(dry.out).toMatch(/^audit +1200$/m);
    expect(dry.out).toContain('FILES  ca.pem, ca-key.pem, admin-token\n');
    expect(await tablesOfDatabase()).toBe(0);

    const imported = await run(['import', '--json']);
    expect([imported.code, imported.err]).toEqual([0, expect.stringContaining(`The files in ${pool} stay as they were`)]);
    expect(JSON.parse(imported.out)).toMatchObject({ dry_run: false, files: ['ca.pem', 'ca-key.pem', 'admin-token'] });
    expect(contentsOf(pool)).toEqual(before);
    const [entry] = await server.query(
      "INSERT INTO audit (at, who_name, action, from_address) VALUES (1, '', 'x', '') RETURNING id",
      database,
    );
    expect(Number(entry?.['id'])).toBe(1208);
    await server.query('DELETE FROM audit WHERE id = 1208', database);

    const again = await run(['import']);
    expect(again).toMatchObject({ code: 1, out: '' });
    expect(again.err).toContain('is not empty: audit 1200, invites 1, key_days 1');
    expect(again.err).toContain('shared_files 3');

    const target = path.join(folder.dir, 'exported');
    expect(await run(['export', target, '--dry-run'])).toMatchObject({ code: 0, out: expect.stringMatching(/^jobs +1200$/m) as string });
    expect(existsSync(target)).toBe(false);
    mkdirSync(target);
    expect(await run(['export', target])).toMatchObject({ code: 0, err: expect.stringContaining('Keep the folder secret') as string });
    expect(readdirSync(target).toSorted()).toEqual(['admin-token', 'ca-key.pem', 'ca.pem', 'scheduler-jobs.db', 'scheduler.db']);
    for (const name of readdirSync(target)) expect(statSync(path.join(target, name)).mode & 0o777).toBe(0o600);
    expect(contentsOf(target)).toEqual(before);
    expect(readFileSync(path.join(target, 'admin-token'), 'utf8')).toBe(`${OWNER_KEY}\n`);
    expect(readFileSync(path.join(target, 'ca.pem'), 'utf8')).toBe(CA);
    expect(await run(['export', target])).toMatchObject({ code: 1, err: expect.stringContaining('is not empty') as string });
    expect(readdirSync(folder.dir).toSorted()).toEqual(['exported', 'pool']);
  });

  test('refusals: a scheduler uses the files, a member leads, a newer schema, an unreachable database, no pool', async () => {
    database = await server.newDatabase();
    const held = new DatabaseSync(path.join(pool, 'scheduler.db'));
    held.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE;');
    for (const argv of [['import'], ['import', '--dry-run']])
      expect(await run(argv)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('a scheduler uses') as string });
    held.exec('ROLLBACK');
    held.close();
    expect(await tablesOfDatabase()).toBe(0);
    const target = path.join(folder.dir, 'none');
    expect(await run(['export', target])).toMatchObject({ code: 1, err: expect.stringContaining('has no pool') as string });

    expect((await migrateDatabase(server.connect(server.target(database)))).ok).toBe(true);
    await takeTerm(server, database, 'tower a1b2');
    for (const argv of [['import'], ['import', '--dry-run'], ['export', target], ['export', target, '--dry-run']])
      expect(await run(argv)).toMatchObject({ code: 1, err: expect.stringContaining('the scheduler "tower" leads the cluster') as string });
    await server.query("UPDATE leader SET expires_at = '-infinity'; UPDATE schema_version SET version = 99, min_version = 99", database);
    for (const argv of [['import'], ['import', '--dry-run'], ['export', target]])
      expect(await run(argv)).toMatchObject({ code: 1, err: expect.stringContaining('a newer version of Muster uses') as string });
    expect(existsSync(target)).toBe(false);

    expect(await run(['import'], urlOf('no_such_database'))).toMatchObject({ code: 1, err: expect.stringContaining('3D000') as string });
    expect(await run(['import'], null)).toMatchObject({
      code: 3,
      err: expect.stringContaining('cluster.database_url is not set') as string,
    });
    expect((await run(['export'])).code).toBe(2);
    expect((await run(['import', target])).code).toBe(2);
    expect(contentsOf(pool)).toEqual(before);
  });

  test('a row that the database refuses -> nothing is copied', async () => {
    database = await server.newDatabase();
    const broken = new DatabaseSync(path.join(pool, 'scheduler-jobs.db'));
    // PostgreSQL has no text with this character.
    broken.prepare("INSERT INTO marks (name, at) VALUES ('z' || char(0), 1)").run();
    broken.close();
    try {
      expect(await run(['import'])).toMatchObject({ code: 1, out: '', err: expect.stringContaining('nothing was copied') as string });
      const [row] = await server.query('SELECT (SELECT count(*) FROM jobs) + (SELECT count(*) FROM shared_files) AS n', database);
      expect(Number(row?.['n'])).toBe(0);
    } finally {
      const mended = new DatabaseSync(path.join(pool, 'scheduler-jobs.db'));
      mended.exec("DELETE FROM marks WHERE name <> 'alive'");
      mended.close();
    }
  });

  test('files of an earlier version -> a dry run leaves them, and the import migrates them', async () => {
    database = await server.newDatabase();
    const old = path.join(folder.dir, 'old');
    mkdirSync(old);
    const file = path.join(old, 'scheduler.db');
    const { applicationId, migrations } = NODE_DATABASE;
    const first = new DatabaseSync(file);
    first.exec(`${migrations.slice(0, 4).join('')} PRAGMA application_id = ${String(applicationId)}; PRAGMA user_version = 4;
      INSERT INTO audit (at, who_name, action, from_address) VALUES (1, '', 'node.drain', '')`);
    first.close();
    const written = readFileSync(file, 'hex');
    const importOld = (...flags: readonly string[]) =>
      runCli(
        ['cluster', 'import', ...flags, '--data-dir', old],
        [clusterCommand],
        fakeIo({ MUSTER_CLUSTER_DATABASE_URL: urlOf(database) }),
      );
    expect(await importOld('--dry-run')).toBe(0);
    expect(readdirSync(old)).toEqual(['scheduler.db']);
    expect(readFileSync(file, 'hex')).toBe(written);
    expect(await importOld()).toBe(0);
    expect(await server.query('SELECT id, count, kind FROM audit', database)).toEqual([{ id: '1', count: '1', kind: 'operation' }]);
  });
});

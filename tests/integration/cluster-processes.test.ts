// Members of a cluster as real processes: how they start, stop, and answer commands.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { MusterLab, type MusterProcess } from '../support/muster-process';
import { TestPostgres } from '../support/postgres';
import { TcpProxy } from '../support/tcp-proxy';
import { requirePostgres, skipNote } from '../support/requirements';
import { type ReservedPort, reservePort } from '../support/reserved-port';
import { until } from '../support/until';

const { missing } = requirePostgres();
/** The member waits for nothing: an ordered stop takes a moment. */
const STOP_LIMIT_MS = 5000;

describe.skipIf(missing !== undefined)(`processes of a cluster${skipNote({ missing })}`, () => {
  let server: TestPostgres;
  let lab: MusterLab;
  const ports: ReservedPort[] = [];
  beforeAll(async () => {
    server = await TestPostgres.start();
    lab = new MusterLab();
  });
  afterEach(async () => {
    await lab.close();
    for (const port of ports.splice(0)) port.release();
    lab = new MusterLab();
  });
  afterAll(async () => {
    await lab?.close();
    await server?.remove();
  });

  async function newPort(): Promise<number> {
    const reserved = await reservePort();
    ports.push(reserved);
    return reserved.port;
  }

  interface Member {
    readonly database: string;
    readonly name?: string;
    readonly folder?: string;
    readonly user?: string;
    readonly databasePort?: number;
    readonly port?: number;
  }

  async function start({ database, name = 'a', folder = name, user = 'postgres', databasePort = server.port, port }: Member) {
    const at = port ?? (await newPort());
    const dir = lab.dataDir(folder, '', { models: false });
    const argv = ['scheduler', '--data-dir', dir, '--port', String(at), '--log-format', 'json'];
    const url = `postgres://${user}@127.0.0.1:${String(databasePort)}/${database}`;
    const member = lab.start(argv, { MUSTER_CLUSTER_DATABASE_URL: url, MUSTER_CLUSTER_MEMBER_NAME: name });
    return { member, dir, port: at };
  }

  async function startTwo() {
    const database = await server.newDatabase();
    const leader = await start({ database });
    await leader.member.line('cluster_leads');
    const candidate = await start({ database, name: 'b' });
    await candidate.member.line('cluster_member_listening');
    return { database, leader, candidate };
  }

  async function ended(member: MusterProcess): Promise<{ readonly code: number | null; readonly isQuick: boolean }> {
    const startMs = performance.now();
    const { code } = await member.end();
    return { code, isQuick: performance.now() - startMs < STOP_LIMIT_MS };
  }

  test('SIGTERM of a candidate, then of the leader -> code 0, and the lease is free', async () => {
    const { database, leader, candidate } = await startTwo();
    expect(await ended(candidate.member)).toEqual({ code: 0, isQuick: true });
    expect(await server.query('SELECT epoch::int, holder <> $$$$ AS is_held FROM leader', database)).toEqual([{ epoch: 1, is_held: true }]);
    expect(await ended(leader.member)).toEqual({ code: 0, isQuick: true });
    const free = 'SELECT epoch::int, holder, expires_at < clock_timestamp() AS is_free FROM leader';
    expect(await server.query(free, database)).toEqual([{ epoch: 1, holder: '', is_free: true }]);
  });

  test('status and step-down at a candidate -> it sends the command to the leader, and leads then', async () => {
    const { leader, candidate } = await startTwo();
    const run = (...argv: readonly string[]) =>
      lab.run(['cluster', ...argv, '--data-dir', candidate.dir, '--url', `http://127.0.0.1:${String(candidate.port)}`]);
    const status = await run('status');
    expect(status.stderr).toBe('');
    expect(status.code).toBe(0);
    expect(status.stdout).toContain('a leads, epoch 1.');
    const lines = leader.member.lines.length;
    const stepped = await run('step-down');
    expect(stepped.code).toBe(0);
    await candidate.member.line('cluster_leads', { epoch: 2 });
    await leader.member.line('cluster_lease_lost', { reason: 'stepped_down' }, lines);
    expect((await run('status')).stdout).toMatch(/Last leaders:\n.*\n2 +b .* leader now\n1 +a .* step-down\n$/);
  });

  test('member of the next version -> status shows both versions, at each member', async () => {
    const { database, leader, candidate } = await startTwo();
    await server.query(
      `INSERT INTO cluster_members (name, holder, address, version, started_at, seen_at)
        VALUES ('c', 'c 1', 'c:7080', '99.1.0', 0, clock_timestamp())`,
      database,
    );
    for (const { dir, port } of [leader, candidate]) {
      const found = await until('the new member', async () => {
        const { stdout } = await lab.run(['cluster', 'status', '--json', '--data-dir', dir, '--url', `http://127.0.0.1:${String(port)}`]);
        const { members } = JSON.parse(stdout) as { readonly members: readonly { readonly name: string; readonly version: string }[] };
        return members.length === 3 ? members.map(({ name, version }) => [name, version]) : null;
      });
      const own = found.find(([name]) => name === 'a')?.[1];
      expect(found).toEqual([
        ['a', expect.stringMatching(/^\d+\.\d+\.\d+/)],
        ['b', own],
        ['c', '99.1.0'],
      ]);
    }
  });

  test('database away at the start -> waits, says so, and a stop ends it at once', async () => {
    const { member } = await start({ database: 'postgres', databasePort: await newPort() });
    await member.line('cluster_database_fault', { kind: 'lost' });
    expect(await ended(member)).toEqual({ code: 0, isQuick: true });
  });

  test('user unknown to the database -> waits, and says so', async () => {
    const { member } = await start({ database: await server.newDatabase(), user: 'unknown_user' });
    const { reason } = await member.line('cluster_database_fault');
    expect(reason).toContain('role "unknown_user" does not exist');
  });

  test('database appears after the start -> the member leads', async () => {
    const port = await newPort();
    const { member } = await start({ database: 'postgres', databasePort: port });
    await member.line('cluster_database_fault', { kind: 'lost' });
    const proxy = await TcpProxy.open(server.port, port);
    await member.line('cluster_leads');
    await member.end('SIGKILL');
    await proxy.close();
  });

  test('database of a newer version -> the member does not start', async () => {
    const database = await server.newDatabase();
    const first = await start({ database });
    await first.member.line('cluster_leads');
    await first.member.end();
    await server.query('UPDATE schema_version SET version = 99, min_version = 99', database);
    const { member } = await start({ database, name: 'b' });
    const { code, stderr } = await member.finished;
    expect(code).toBe(1);
    expect(stderr).toContain('newer');
    expect(member.lines.map(({ event }) => event)).toContain('start_failed');
  });

  test('port in use -> the member does not start, and the process ends', async () => {
    const { database, leader } = await startTwo();
    const { member } = await start({ database, name: 'c', port: leader.port });
    const { code } = await member.finished;
    expect(code).toBe(1);
    expect((await member.line('start_failed'))['code']).toBe('PORT_IN_USE');
  });

  test('two members with one name -> both say so', async () => {
    const database = await server.newDatabase();
    const one = await start({ database });
    await one.member.line('cluster_leads');
    const other = await start({ database, folder: 'other' });
    await other.member.line('cluster_name_taken', { name: 'a' });
    await one.member.line('cluster_name_taken', { name: 'a' });
  });
});

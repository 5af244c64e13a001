// A real PostgreSQL for a test file: its own server on a loopback port, which ends with the test process. As root it runs as the user
// `postgres`, because the server refuses to run as root.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { connectPrimary, STORE_TIMEOUTS, type Connect, type Timeouts } from '../../src/main/scheduler/database/postgres/connection';
import type { DatabaseTarget } from '../../src/main/scheduler/database/postgres/core/database-url';
import { madeOnce } from './made-once';
import { requirePostgres } from './requirements';
import { reservePort, type ReservedPort } from './reserved-port';
import { until } from './until';

const HOST = '127.0.0.1';
const ENV = { PATH: process.env['PATH'], LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
const isRoot = process.getuid?.() === 0;

function programsFolder(): string {
  const { path: folder, missing } = requirePostgres();
  if (folder === undefined) throw new Error(missing);
  return folder;
}

export interface PostgresOptions {
  /** Waits for the disk, as in production. Default: false, which is faster. */
  readonly isDurable?: boolean;
  /** The new server is a standby of this one. */
  readonly primary?: TestPostgres;
  /** Lines of postgresql.conf. */
  readonly settings?: readonly string[];
  /** The size of a file system in memory for tablespaces (`smallDisk`). Needs root. */
  readonly smallDiskMb?: number;
  /** PEM. The server then takes encrypted connections too. */
  readonly tls?: { readonly key: string; readonly cert: string };
}

export class TestPostgres {
  readonly #folder: string;
  readonly #reserved: ReservedPort;
  readonly #smallDiskMb: number | null;
  #server: ChildProcess;
  #databases = 0;

  private constructor(folder: string, reserved: ReservedPort, smallDiskMb: number | null) {
    this.#folder = folder;
    this.#reserved = reserved;
    this.#smallDiskMb = smallDiskMb;
    this.#server = this.#spawn();
  }

  static async start(options: PostgresOptions = {}): Promise<TestPostgres> {
    const { isDurable = false, primary, settings = [], tls } = options;
    const folder = mkdtempSync(path.join(tmpdir(), 'muster-postgres-'));
    if (isRoot) giveToServer(folder);
    chmodSync(folder, 0o700);
    const reserved = await reservePort();
    const data = path.join(folder, 'data');
    if (primary === undefined) copyForServer(await newCluster(), data);
    else {
      const source = `host=${HOST} port=${String(primary.port)} user=postgres`;
      run(folder, 'pg_basebackup', ['-D', data, '-R', '-X', 'stream', '-c', 'fast', '-d', source]);
    }
    if (tls !== undefined) {
      writeForServer(path.join(data, 'server.key'), tls.key);
      writeForServer(path.join(data, 'server.crt'), tls.cert);
    }
    const fast = ['fsync = off', 'synchronous_commit = off', 'full_page_writes = off'];
    const lines = [
      '',
      `port = ${String(reserved.port)}`,
      `listen_addresses = '${HOST}'`,
      `unix_socket_directories = '${folder}'`,
      'shared_buffers = 32MB',
      'max_connections = 60',
      ...(isDurable ? [] : fast),
      ...(tls === undefined ? [] : ['ssl = on']),
      ...settings,
      '',
    ];
    appendFileSync(path.join(data, 'postgresql.conf'), lines.join('\n'));
    const server = new TestPostgres(folder, reserved, options.smallDiskMb ?? null);
    await server.#ready();
    return server;
  }

  /** All that it has written. */
  get folder(): string {
    return this.#folder;
  }

  get port(): number {
    return this.#reserved.port;
  }

  get pid(): number {
    return this.#server.pid ?? 0;
  }

  target(
    database = 'postgres',
    { port = this.port, ...others }: Partial<DatabaseTarget> & { readonly port?: number } = {},
  ): DatabaseTarget {
    return { hosts: [{ host: HOST, port }], user: 'postgres', password: null, database, tlsMode: 'disable', caFile: null, ...others };
  }

  connect(target: DatabaseTarget = this.target(), timeouts: Timeouts = STORE_TIMEOUTS): Connect {
    return () => connectPrimary(target, timeouts);
  }

  /** Rows of one statement, or of the last of several, over a connection of its own. */
  async query(text: string, database = 'postgres'): Promise<readonly Record<string, unknown>[]> {
    const client = await this.client(database);
    try {
      const result = (await client.query(text)) as pg.QueryResult<Record<string, unknown>> | pg.QueryResult<Record<string, unknown>>[];
      return (Array.isArray(result) ? result.at(-1) : result)?.rows ?? [];
    } finally {
      await client.end();
    }
  }

  /** A plain client, whose end is up to the caller. */
  async client(database = 'postgres'): Promise<pg.Client> {
    const client = new pg.Client({ host: HOST, port: this.port, user: 'postgres', database, connectionTimeoutMillis: 10_000 });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  /** Its name. `template`: a database without connections. */
  async newDatabase(template = 'template1'): Promise<string> {
    const name = `test_${String(++this.#databases)}`;
    await this.query(`CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
    return name;
  }

  /** Writes the database with `pg_dump`, as operators do, while programs use it. */
  dump(database: string, file: string): void {
    run(this.#folder, 'pg_dump', [...this.#as(database), '-f', path.join(this.#folder, file)]);
  }

  /** Into an empty database. */
  restore(database: string, file: string): void {
    run(this.#folder, 'psql', [...this.#as(database), '-q', '-v', 'ON_ERROR_STOP=1', '-f', path.join(this.#folder, file)]);
  }

  #as(database: string): readonly string[] {
    return ['-h', HOST, '-p', String(this.port), '-U', 'postgres', '-d', database];
  }

  /** A standby becomes a primary. */
  promote(): void {
    run(this.#folder, 'pg_ctl', ['promote', '-D', path.join(this.#folder, 'data'), '-w']);
  }

  /** SIGINT ends it in order, SIGQUIT is a crash. */
  async stop(signal: NodeJS.Signals = 'SIGINT'): Promise<void> {
    if (this.#server.exitCode !== null || this.#server.signalCode !== null) return;
    const exited = once(this.#server, 'exit');
    this.#server.kill('SIGCONT');
    this.#server.kill(signal);
    await exited;
  }

  /** After `stop`. */
  async restart(): Promise<void> {
    this.#server = this.#spawn();
    await this.#ready();
  }

  async remove(): Promise<void> {
    await this.stop('SIGQUIT');
    this.#reserved.release();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A folder on a file system that only the server sees. */
  get smallDisk(): string {
    return path.join(this.#folder, 'small');
  }

  #spawn(): ChildProcess {
    const command = [path.join(programsFolder(), 'postgres'), '-D', path.join(this.#folder, 'data')];
    if (this.#smallDiskMb === null) return spawnAsServer(this.#folder, command);
    mkdirSync(this.smallDisk, { recursive: true });
    const mount = `mount -t tmpfs -o size=${String(this.#smallDiskMb)}m,mode=700,uid=$(id -u postgres) none '${this.smallDisk}'`;
    return spawnAsServer(this.#folder, command, ['unshare', '-m', 'sh', '-c', `${mount} && exec "$@"`, 'sh']);
  }

  async #ready(): Promise<void> {
    let log = '';
    this.#server.stderr?.on('data', (bytes: Buffer) => {
      log = (log + bytes.toString()).slice(-4000);
    });
    await until(
      'PostgreSQL to answer',
      async () => {
        if (this.#server.exitCode !== null) throw new Error(`PostgreSQL has ended: ${log}`);
        return this.query('SELECT 1').then(
          () => true,
          () => false,
        );
      },
      20_000,
    );
  }
}

/**
 * As the user of the server. `--pdeathsig`: the program ends with the test process, also after kill -9. `wrap`: goes before the command
 * line, as the user of the tests.
 */
export function spawnAsServer(folder: string, command: readonly string[], wrap: readonly string[] = []): ChildProcess {
  const user = isRoot ? ['--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'] : [];
  const [program = '', ...args] = [...wrap, 'setpriv', ...user, '--pdeathsig', 'INT', ...command];
  return spawn(program, args, { env: ENV, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
}

function run(folder: string, program: string, args: readonly string[]): void {
  const user = isRoot ? ['--reuid', 'postgres', '--regid', 'postgres', '--clear-groups'] : [];
  execFileSync('setpriv', [...user, path.join(programsFolder(), program), ...args], {
    env: ENV,
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** The folder of a new cluster. It is made once for a run, because that takes longer than a copy. */
const newCluster = (): Promise<string> =>
  madeOnce('postgres', (folder) => {
    mkdirSync(folder);
    if (isRoot) giveToServer(folder);
    const options = ['-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync', '--no-instructions'];
    run(folder, 'initdb', ['-D', folder, ...options]);
  });

const copyForServer = (from: string, to: string): void => {
  execFileSync('cp', ['-a', from, to]);
};

const giveToServer = (file: string): void => {
  execFileSync('chown', ['postgres:postgres', file]);
};

function writeForServer(file: string, text: string): void {
  writeFileSync(file, text, { mode: 0o600 });
  if (isRoot) giveToServer(file);
}

// A real PgBouncer in transaction mode in front of a test's PostgreSQL.
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { spawnAsServer, type TestPostgres } from './postgres';
import { reservePort } from './reserved-port';
import { temporaryDir } from './test-scheduler';
import { until } from './until';
import { chmodSync } from 'node:fs';

export interface TestPgBouncer {
  readonly port: number;
  stop(): Promise<void>;
}

/** `settings`: lines of its configuration. */
export async function startPgBouncer(server: TestPostgres, settings: readonly string[] = []): Promise<TestPgBouncer> {
  const folder = temporaryDir();
  const reserved = await reservePort();
  const file = path.join(folder.dir, 'pgbouncer.ini');
  const lines = [
    '[databases]',
    `* = host=127.0.0.1 port=${String(server.port)}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${String(reserved.port)}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    'default_pool_size = 5',
    ...settings,
  ];
  // `auth_type = any` connects as the user of the address.
  writeFileSync(file, lines.join('\n').replace('* = host', '* = user=postgres host'));
  chmodSync(folder.dir, 0o755);
  const child = spawnAsServer(folder.dir, ['pgbouncer', file]);
  let log = '';
  child.stderr?.on('data', (bytes: Buffer) => {
    log = (log + bytes.toString()).slice(-4000);
  });
  await until('PgBouncer to answer', async () => {
    if (child.exitCode !== null) throw new Error(`PgBouncer has ended: ${log}`);
    const client = new pg.Client({ host: '127.0.0.1', port: reserved.port, user: 'postgres', database: 'postgres' });
    client.on('error', () => undefined);
    return client.connect().then(
      () => client.end().then(() => true),
      () => false,
    );
  });
  return {
    port: reserved.port,
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
      reserved.release();
      folder.remove();
    },
  };
}

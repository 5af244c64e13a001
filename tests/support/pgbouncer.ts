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

/** `settings`: lines of its configuration. `users`: they stay themselves at the server. Without them, each client is `postgres` there. */
export async function startPgBouncer(
  server: TestPostgres,
  settings: readonly string[] = [],
  users: readonly string[] = [],
): Promise<TestPgBouncer> {
  const folder = temporaryDir();
  const reserved = await reservePort();
  const file = path.join(folder.dir, 'pgbouncer.ini');
  const userFile = path.join(folder.dir, 'users.txt');
  writeFileSync(userFile, ['postgres', ...users].map((user) => `"${user}" "${user}"\n`).join(''));
  const lines = [
    '[databases]',
    // `auth_type = any` connects as the user of the address.
    `* = host=127.0.0.1 port=${String(server.port)}${users.length === 0 ? ' user=postgres' : ''}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${String(reserved.port)}`,
    'unix_socket_dir =',
    ...(users.length === 0 ? ['auth_type = any'] : ['auth_type = trust', `auth_file = ${userFile}`]),
    'pool_mode = transaction',
    'default_pool_size = 5',
    ...settings,
  ];
  writeFileSync(file, lines.join('\n'));
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

// Members of a cluster as processes of the built program, with a database of a test's PostgreSQL.
import type { MusterLab, MusterProcess } from './muster-process';
import type { TestPostgres } from './postgres';

export const clusterEnv = (server: TestPostgres, database: string): Readonly<Record<string, string>> => ({
  MUSTER_CLUSTER_DATABASE_URL: `postgres://postgres@127.0.0.1:${String(server.port)}/${database}?sslmode=disable`,
});

/** `name`: of the member and of its data folder, which is there already or gets only an empty configuration. */
export function startMember(
  lab: MusterLab,
  env: Readonly<Record<string, string>>,
  { name, dataDir, host = '127.0.0.1', port = 0 }: { name: string; dataDir: string; host?: string; port?: number },
): MusterProcess {
  const argv = ['scheduler', '--data-dir', dataDir, '--host', host, '--port', String(port)];
  const own = { MUSTER_CLUSTER_MEMBER_NAME: name, ...(port === 0 ? {} : { MUSTER_CLUSTER_ADDRESS: `127.0.0.1:${String(port)}` }) };
  return lab.start(argv, { ...env, ...own });
}

/** Host and port, once the member listens. */
export async function addressOf(member: MusterProcess): Promise<{ readonly port: number; readonly url: string }> {
  const address = String((await member.line('cluster_member_listening'))['address']);
  return { port: Number(address.split(':').at(-1)), url: `http://${address}` };
}

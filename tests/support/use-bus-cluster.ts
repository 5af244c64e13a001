// Clusters with a bus, as processes of the built program, over a real PostgreSQL and a real NATS server for a file of tests. Calls hooks of
// the file.
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll } from 'vitest';
import { addressOf, clusterEnv, startMember } from './cluster-lab';
import type { MusterProcess } from './muster-process';
import { NatsServer } from './nats';
import { TestPostgres } from './postgres';
import { until } from './until';
import { useLab } from './use-lab';

export interface BusMember {
  readonly member: MusterProcess;
  readonly port: number;
  readonly url: string;
}

export interface BusCluster {
  /** Starts members with these names. The first one leads, and the others forward to it. */
  readonly start: (names: readonly string[]) => Promise<readonly BusMember[]>;
  readonly bus: () => NatsServer;
  /** The files of the members and of the database that contain this text. */
  readonly filesWith: (text: string) => Promise<readonly string[]>;
  /** Resolves when the database says that a node runs the job: changes of jobs whose client waits are written behind. */
  readonly runs: (jobId: string) => Promise<void>;
}

export function useBusCluster(): BusCluster {
  const lab = useLab();
  let server: TestPostgres | null = null;
  let nats: NatsServer | null = null;
  /** Of the members that were started last. */
  let name = '';
  beforeAll(async () => {
    [server, nats] = await Promise.all([TestPostgres.start(), NatsServer.start()]);
  });
  afterAll(async () => {
    await nats?.close();
    await server?.remove();
  });
  const bus = (): NatsServer => {
    if (nats === null) throw new Error('the bus has not started');
    return nats;
  };
  const database = (): TestPostgres => {
    if (server === null) throw new Error('the database has not started');
    return server;
  };
  const filesWith = async (text: string): Promise<readonly string[]> => {
    await database().query('CHECKPOINT', 'postgres');
    const { stdout, status } = spawnSync('grep', ['-rlaF', '-e', text, lab().folder, database().folder], { encoding: 'utf8' });
    if (status === null || status > 1) throw new Error('files were not read');
    return stdout.split('\n').filter((line) => line !== '');
  };
  const start = async (names: readonly string[]): Promise<readonly BusMember[]> => {
    name = await database().newDatabase();
    const env = { ...clusterEnv(database(), name), MUSTER_CLUSTER_BUS_URL: bus().url };
    const members: BusMember[] = [];
    for (const each of names) {
      const member = startMember(lab(), env, { name: each, dataDir: lab().dataDir(each, '', { models: false }) });
      const address = await addressOf(member);
      if (members.length === 0) await member.line('cluster_leads');
      else await member.line('cluster_channel_opened', { epoch: 1 });
      members.push({ member, ...address });
    }
    return members;
  };
  const runs = async (jobId: string): Promise<void> => {
    const sql = `SELECT status FROM jobs WHERE job_id = '${jobId}'`;
    await until('the stored assignment', async () => (await database().query(sql, name))[0]?.['status'] === 'running');
  };
  return { start, bus, filesWith, runs };
}

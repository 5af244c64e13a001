// Members of a cluster with a bus, as processes with a real database and a real NATS server: each of them serves.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, clusterEnv, startMember } from '../support/cluster-lab';
import { sendRequest } from '../support/http-api';
import type { MusterProcess } from '../support/muster-process';
import { NatsServer, natsServer } from '../support/nats';
import { TestPostgres } from '../support/postgres';
import { requirePostgres, skipNote } from '../support/requirements';
import { useLab } from '../support/use-lab';

const missing = natsServer.missing ?? requirePostgres().missing;
const lab = useLab();
/** The lease ends after 7 s. The rest is for a busy machine. */
const LIMIT_MS = 30_000;

describe.skipIf(missing !== undefined)(`cluster with a bus${skipNote(missing === undefined ? {} : { missing })}`, () => {
  let server: TestPostgres;
  let nats: NatsServer;
  beforeAll(async () => {
    [server, nats] = await Promise.all([TestPostgres.start(), NatsServer.start()]);
  });
  afterAll(async () => {
    await nats?.close();
    await server?.remove();
  });

  interface Started {
    readonly member: MusterProcess;
    readonly port: number;
  }

  async function startTwo(): Promise<readonly [Started, Started]> {
    const env = { ...clusterEnv(server, await server.newDatabase()), MUSTER_CLUSTER_BUS_URL: nats.url };
    const start = async (name: string): Promise<Started> => {
      const member = startMember(lab(), env, { name, dataDir: lab().dataDir(name, '', { models: false }) });
      return { member, port: (await addressOf(member)).port };
    };
    const leader = await start('a');
    await leader.member.line('cluster_leads');
    const other = await start('b');
    await other.member.line('cluster_channel_opened', { epoch: 1 });
    return [leader, other];
  }

  test('a request to a member that does not lead -> the leader answers; kill -9 of the leader -> the next one does', async () => {
    const [leader, other] = await startTwo();
    const ask = () => sendRequest(other.port, { path: '/api/v1/nodes', limitMs: LIMIT_MS });
    expect((await ask()).status).toBe(200);
    expect((await sendRequest(other.port, { path: '/readyz' })).json()).toMatchObject({ status: 'ready' });
    leader.member.signal('SIGKILL');
    const startMs = performance.now();
    const answer = await ask();
    process.stdout.write(`a request during the change of the leader: ${(performance.now() - startMs).toFixed(0)} ms\n`);
    expect(answer.status).toBe(200);
    await other.member.line('cluster_leads', { epoch: 2 });
    expect((await ask()).status).toBe(200);
  });
});

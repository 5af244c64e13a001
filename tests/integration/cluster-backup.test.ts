// The backup of a cluster is a dump of its database: written while the cluster works, and restored into an empty database.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, clusterEnv, startMember } from '../support/cluster-lab';
import { bearer, sendRequest } from '../support/http-api';
import { accept, chatOutput, jobOf, readyNode, submitted, succeed } from '../support/job-pool';
import type { MusterProcess } from '../support/muster-process';
import { TestPostgres } from '../support/postgres';
import { requirePostgres, skipNote } from '../support/requirements';
import { useLab } from '../support/use-lab';

const { missing } = requirePostgres();
const lab = useLab();
const MODEL = { installed_models: [{ model_id: 'llm-a', kind: 'llm' as const, version: '1' }], max_concurrent_jobs: 1 };

describe.skipIf(missing !== undefined)(`backup of a cluster${skipNote({ missing })}`, () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await TestPostgres.start();
  });
  afterAll(() => server?.remove());

  async function startLeader(
    database: string,
    name: string,
  ): Promise<{ readonly member: MusterProcess; readonly port: number; readonly url: string }> {
    const member = startMember(lab(), clusterEnv(server, database), { name, dataDir: lab().dataDir(name, '', { models: false }) });
    await member.line('cluster_leads');
    return { member, ...(await addressOf(member)) };
  }

  test('pg_dump of a working cluster, restored -> a new member has its nodes, keys and results, and goes on with its jobs', async () => {
    const database = await server.newDatabase();
    const { member, port, url } = await startLeader(database, 'a');
    const created = await sendRequest(port, { method: 'POST', path: '/api/v1/keys', body: { name: 'letters', role: 'client' } });
    const { key } = created.json() as { readonly key: string };
    const node = await readyNode(url, MODEL);
    const finished = await submitted(port);
    const first = await node.until('job_assign');
    accept(node, first);
    succeed(node, first, chatOutput('kept'));
    await node.until('job_result_ack');
    const runs = await submitted(port, {}, bearer(key));
    accept(node, await node.until('job_assign'));
    const waits = await submitted(port);
    server.dump(database, 'backup.sql');
    const lost = await submitted(port);
    node.close();
    await member.end();

    const restored = await server.newDatabase();
    server.restore(restored, 'backup.sql');
    const next = await startLeader(restored, 'b');
    expect((await jobOf(next.port, finished)).result?.output).toEqual(chatOutput('kept'));
    expect((await sendRequest(next.port, { path: `/api/v1/jobs/${lost}` })).status).toBe(404);
    expect((await sendRequest(next.port, { path: '/api/v1/jobs', headers: bearer(key) })).status).toBe(200);
    const back = await readyNode(next.url, { ...MODEL, node_id: node.nodeId, node_token: node.ack.node_token });
    expect(back.nodeId).toBe(node.nodeId);
    // The node does not have the job that ran when the dump was written, so it runs again.
    const ran: string[] = [];
    for (let count = 0; count < 2; count++) {
      const job = await back.until('job_assign');
      ran.push(job.job_id);
      accept(back, job);
      succeed(back, job, chatOutput('after the restore'));
    }
    expect(ran.toSorted()).toEqual([runs, waits].toSorted());
    back.close();
    expect((await next.member.end()).code).toBe(0);
  }, 120_000);
});

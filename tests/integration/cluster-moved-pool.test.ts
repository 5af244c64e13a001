// A pool moves into a cluster and back, with real processes: its nodes, keys and jobs go on.
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addressOf, clusterEnv, startMember } from '../support/cluster-lab';
import { bearer, sendRequest } from '../support/http-api';
import { accept, chatOutput, jobOf, readyNode, submitted, succeed } from '../support/job-pool';
import { TestPostgres } from '../support/postgres';
import { requirePostgres, skipNote } from '../support/requirements';
import { until } from '../support/until';
import { useLab } from '../support/use-lab';

const { missing } = requirePostgres();
const lab = useLab();

describe.skipIf(missing !== undefined)(`moved pool${skipNote({ missing })}`, () => {
  let server: TestPostgres;
  beforeAll(async () => {
    server = await TestPostgres.start();
  });
  afterAll(() => server?.remove());

  const MODEL = { installed_models: [{ model_id: 'llm-a', kind: 'llm' as const, version: '1' }], max_concurrent_jobs: 1 };
  const resultOf = async (port: number, jobId: string): Promise<unknown> => (await jobOf(port, jobId)).result?.output;
  const portOf = (url: string): number => Number(new URL(url).port);

  test('queued, running and finished jobs, a node, a key -> into a cluster, where they go on, and back', async () => {
    const env = clusterEnv(server, await server.newDatabase());
    const folder = lab().dataDir('host', '[server]\nport = 0\n', { models: false });
    const before = lab().start(['scheduler', '--data-dir', folder]);
    const url = await before.url();
    const created = await sendRequest(portOf(url), { method: 'POST', path: '/api/v1/keys', body: { name: 'letters', role: 'client' } });
    const { key } = created.json() as { readonly key: string };
    const node = await readyNode(url, MODEL);
    const finished = await submitted(portOf(url));
    const first = await node.until('job_assign');
    accept(node, first);
    succeed(node, first, chatOutput('kept'));
    await node.until('job_result_ack');
    const runs = await submitted(portOf(url), {}, bearer(key));
    const second = await node.until('job_assign');
    accept(node, second);
    await node.settled();
    const waits = await submitted(portOf(url), {}, { 'idempotency-key': 'once' });
    await before.end();

    const imported = await lab().run(['cluster', 'import', '--data-dir', folder], env);
    expect([imported.code, imported.stdout]).toEqual([0, expect.stringMatching(/^jobs +3$/m)]);
    const refused = await lab().run(['cluster', 'import', '--data-dir', folder], env);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('is not empty')]);

    const member = startMember(lab(), env, { name: 'a', dataDir: lab().dataDir('a', '', { models: false }) });
    await member.line('cluster_leads');
    const { port, url: memberUrl } = await addressOf(member);
    expect(await resultOf(port, finished)).toEqual(chatOutput('kept'));
    expect((await sendRequest(port, { path: '/api/v1/jobs', headers: bearer(key) })).status).toBe(200);
    expect(await submitted(port, {}, { 'idempotency-key': 'once' })).toBe(waits);
    const back = await readyNode(memberUrl, {
      ...MODEL,
      node_id: node.nodeId,
      node_token: node.ack.node_token,
      active_jobs: [{ job_id: runs, attempt: second.attempt }],
    });
    expect(back.nodeId).toBe(node.nodeId);
    const nodes = (await sendRequest(port, { path: '/api/v1/nodes' })).json() as { readonly nodes: readonly unknown[] };
    expect(nodes.nodes).toHaveLength(1);
    // The node has kept the running job and its result.
    succeed(back, second, chatOutput('after the move'));
    const third = await back.until('job_assign');
    expect(third.job_id).toBe(waits);
    accept(back, third);
    succeed(back, third, chatOutput('queued before the move'));
    await until('both jobs to succeed', async () =>
      (await Promise.all([runs, waits].map((id) => jobOf(port, id)))).every(({ status }) => status === 'succeeded'),
    );
    const target = path.join(lab().folder, 'exported');
    const early = await lab().run(['cluster', 'export', target, '--data-dir', folder], env);
    expect([early.code, early.stderr]).toEqual([1, expect.stringContaining('"a" leads the cluster')]);
    back.close();
    expect((await member.end()).code).toBe(0);

    const exported = await lab().run(['cluster', 'export', target, '--data-dir', folder], env);
    expect([exported.code, exported.stdout]).toEqual([0, expect.stringMatching(/^jobs +3$/m)]);
    const alone = lab().start(['scheduler', '--data-dir', target, '--port', '0']);
    const again = portOf(await alone.url());
    expect(await resultOf(again, finished)).toEqual(chatOutput('kept'));
    expect(await resultOf(again, waits)).toEqual(chatOutput('queued before the move'));
    expect(await resultOf(again, runs)).toEqual(chatOutput('after the move'));
    expect((await sendRequest(again, { path: '/api/v1/jobs', headers: bearer(key) })).status).toBe(200);
    const home = await readyNode(await alone.url(), {
      ...MODEL,
      node_id: node.nodeId,
      node_token: back.ack.node_token ?? node.ack.node_token,
    });
    expect(home.nodeId).toBe(node.nodeId);
    home.close();
  }, 120_000);
});

// Members of a cluster with a bus, as processes with a real database and a real NATS server: each of them serves.
import { describe, expect, test } from 'vitest';
import { sendRequest } from '../support/http-api';
import { natsServer } from '../support/nats';
import { requirePostgres, skipNote } from '../support/requirements';
import { useBusCluster } from '../support/use-bus-cluster';

const missing = natsServer.missing ?? requirePostgres().missing;
/** The lease ends after 7 s. The rest is for a busy machine. */
const LIMIT_MS = 30_000;

describe.skipIf(missing !== undefined)(`cluster with a bus${skipNote(missing === undefined ? {} : { missing })}`, () => {
  const cluster = useBusCluster();

  test('a request to a member that does not lead -> the leader answers; kill -9 of the leader -> the next one does', async () => {
    const [leader, other] = await cluster.start(['a', 'b']);
    if (leader === undefined || other === undefined) throw new Error('two members');
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

// The number of nodes in a waiting job and in an explanation is limited; their counts are of all nodes.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { explanationSchema } from '../../src/shared/api/dispatch';
import { type JobEvent, jobViewSchema } from '../../src/shared/api/job';
import { EventStreamClient } from '../support/event-stream-client';
import { sendRequest } from '../support/http-api';
import { readyNode, submitted } from '../support/job-pool';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

const NODES = 60;

let scheduler: TestScheduler;
let jobId: string;

beforeEach(async () => {
  scheduler = await startTestScheduler();
  await Promise.all(Array.from({ length: NODES }, () => readyNode(scheduler.url, { max_concurrent_jobs: 1 })));
  jobId = await submitted(scheduler.port, { required_models: ['unknown'] });
});
afterEach(async () => {
  await scheduler.stop();
});

const counts = { model_not_available: { count: NODES } };

describe('a job that waits', () => {
  it.each([
    ['without a limit -> 50 nodes', '', 50],
    ['node_limit=2 -> 2 nodes', '?node_limit=2', 2],
    ['node_limit=0 -> none', '?node_limit=0', 0],
    ['node_limit over the pool -> all nodes', '?node_limit=1000000', NODES],
  ])('%s', async (_title, query, shown) => {
    const { waiting } = jobViewSchema.parse((await sendRequest(scheduler.port, { path: `/api/v1/jobs/${jobId}${query}` })).json());
    expect(waiting).toMatchObject({ nodes_total: NODES, reasons: counts });
    expect(waiting?.nodes).toHaveLength(shown);
  });

  it.each(['-1', 'many', '1.5', '1000001'])('node_limit=%s -> INVALID_REQUEST', async (limit) => {
    const answer = await sendRequest(scheduler.port, { path: `/api/v1/jobs/${jobId}?node_limit=${limit}` });
    expect([answer.status, answer.json()]).toMatchObject([400, { error: { code: 'INVALID_REQUEST', details: { field: 'node_limit' } } }]);
  });

  it('its events with node_limit=3 -> the first shows 3 nodes', async () => {
    const client = await EventStreamClient.open(scheduler.port, `/api/v1/jobs/${jobId}/events?node_limit=3`);
    const [first] = await client.first(1);
    const event = first?.data as unknown as Extract<JobEvent, { type: 'job' }>;
    expect(event.job.waiting).toMatchObject({ nodes_total: NODES, reasons: counts });
    expect(event.job.waiting?.nodes).toHaveLength(3);
    client.close();
  });
});

describe('an explanation', () => {
  const explain = async (body: object) =>
    explanationSchema.parse((await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/dispatch/explain', body })).json());

  it.each([
    ['without a limit -> all nodes', {}, NODES],
    ['node_limit: 2 -> 2 nodes', { node_limit: 2 }, 2],
  ])('%s', async (_title, limit, shown) => {
    const explanation = await explain({ required_models: ['unknown'], ...limit });
    expect(explanation).toMatchObject({ chosen: null, nodes_total: NODES, reasons: counts });
    expect(explanation.nodes).toHaveLength(shown);
  });

  it('node_limit: 1 -> the chosen node is shown', async () => {
    const { chosen, nodes } = await explain({ required_models: [], node_limit: 1 });
    expect(nodes).toEqual([{ node_id: chosen, excluded: [] }]);
  });
});

// The headers that say how the node of an answer was chosen.
import { describe, expect, test } from 'vitest';
import { routeHeadersOf } from '../../../../../../src/main/scheduler/api/openai/core/route-headers';
import { aPrediction } from '../../../../../support/predictions';
import { MemoryJob } from '../../../../../support/memory-jobs';

const task = { kind: 'openai' as const, path: '/v1/chat/completions' as const, body: { model: 'm' } };
const submission = { required_models: [], public: true, task, wait_for_node: true, max_attempts: 3, priority: 0 };
const aJob = (): MemoryJob => new MemoryJob('job-1', submission, { idempotencyKey: null, interactive: true, traceId: null });

describe('route headers', () => {
  test('attempts with predictions -> those of the attempt that answered', () => {
    const job = aJob();
    job.run('a', aPrediction({ route: 'affinity', seconds: [1.2344, 3] }));
    expect(routeHeadersOf(job.view)).toEqual({ 'x-muster-route': 'affinity', 'x-muster-predicted-ms': '1234' });
    job.lose();
    job.run('b', aPrediction({ route: 'only', seconds: [0.5] }));
    job.succeed({ status: 200, body: {} });
    expect(routeHeadersOf(job.view)).toEqual({ 'x-muster-route': 'only', 'x-muster-predicted-ms': '500' });
  });

  test('nothing known of the speed -> the route alone; no attempt, or one of an earlier version -> none', () => {
    const job = aJob();
    expect(routeHeadersOf(job.view)).toEqual({});
    job.run('a', aPrediction({ route: 'fallback', seconds: [] }));
    expect(routeHeadersOf(job.view)).toEqual({ 'x-muster-route': 'fallback' });
    job.lose();
    job.run('b');
    expect(routeHeadersOf(job.view)).toEqual({});
  });
});

// The timings of a result in the jobs API: shown as the node reported them, and dropped when they are invalid.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chatOutput, jobOf, readyNode, submitted } from '../support/job-pool';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;

beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

describe('timings', () => {
  const resultWith = async (timings: unknown) => {
    const node = await readyNode(scheduler.url);
    const jobId = await submitted(scheduler.port);
    const { job_id, attempt, trace_id } = await node.until('job_assign');
    const result = { type: 'job_result', job_id, attempt, node_id: node.nodeId, success: true, output: chatOutput('hi') };
    node.sendRaw(JSON.stringify({ ...result, processing_time_ms: 5, trace_id, timings }));
    await node.until('job_result_ack');
    return (await jobOf(scheduler.port, jobId)).result;
  };

  it('result with timings -> shown with the job, unknown figures as null', async () => {
    expect((await resultWith({ queue_ms: 0.4, prompt_tokens: 26, cached_tokens: 20, of_a_newer_node: 1 }))?.timings).toEqual({
      queue_ms: 0.4,
      load_ms: null,
      first_token_ms: null,
      prompt_tokens: 26,
      cached_tokens: 20,
      completion_tokens: null,
      decode_ms: null,
      input_units: null,
    });
  });

  it.each([{ decode_ms: 1e308 }, { decode_ms: -1 }, { prompt_tokens: '26' }, 'fast', {}, null])(
    'timings %j -> result without timings',
    async (timings) => {
      const result = await resultWith(timings);
      expect(result).toMatchObject({ success: true, output: chatOutput('hi') });
      expect(result).not.toHaveProperty('timings');
    },
  );
});

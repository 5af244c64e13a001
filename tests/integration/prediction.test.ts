// Predictions over HTTP: in a job, in an explanation and in the headers of an answer.
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Explanation } from '../../src/shared/api/dispatch';
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';
import { sendRequest } from '../support/http-api';
import { chatOutput, chatTask, jobOf, readyNode, submit, submitted, succeed } from '../support/job-pool';
import type { TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;

beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

/** 400 tokens of a prompt in 1 s, and 100 tokens of an answer in 2 s. */
async function measuredNode(): Promise<TestNode> {
  const node = await readyNode(scheduler.url, { node_id: 'mine' });
  await submitted(scheduler.port, { task: chatTask('x'.repeat(1600)) });
  const { job_id, attempt, trace_id }: JobAssign = await node.until('job_assign');
  scheduler.clock.advance(3100);
  const timings = { first_token_ms: 1000, prompt_tokens: 400, cached_tokens: 0, completion_tokens: 101, decode_ms: 2000 };
  const ids = { job_id, attempt, trace_id, node_id: node.nodeId };
  const output = chatOutput('x'.repeat(4 * timings.completion_tokens));
  node.sendRaw(JSON.stringify({ type: 'job_result', ...ids, success: true, output, processing_time_ms: 3000, timings }));
  await node.until('job_result_ack');
  return node;
}

const explain = async (body: object): Promise<Explanation> =>
  (await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/dispatch/explain', body })).json() as Explanation;

it('job after a measured one -> its attempt has the route and the terms', async () => {
  const node = await measuredNode();
  const jobId = await submitted(scheduler.port, { task: chatTask('x'.repeat(1600)) });
  await node.until('job_assign');
  const prediction = (await jobOf(scheduler.port, jobId)).attempts[0]?.prediction;
  expect(prediction).toMatchObject({ route: 'only', nodes: [{ node_id: 'mine', measured: true, terms: { slot: 0, load: 0 } }] });
  // Rates are rounded to steps of 12 %.
  const [chosen] = prediction?.nodes ?? [];
  expect(chosen?.terms.input).toBeCloseTo(1, 0);
  expect(chosen?.terms.output).toBeCloseTo(2, 0);
});

it('explain -> prediction for the expected size, or for a given one; wrong size -> refused', async () => {
  await measuredNode();
  const usual = (await explain({ required_models: ['llm-a'] })).prediction?.nodes[0];
  const twice = (await explain({ required_models: ['llm-a'], input_tokens: 800, output_tokens: 202 })).prediction?.nodes[0];
  expect(twice?.terms.input).toBeCloseTo(2 * (usual?.terms.input ?? 0), 1);
  expect(twice?.terms.output).toBeCloseTo(2 * (usual?.terms.output ?? 0), 1);
  const wrong = { required_models: ['llm-a'], input_tokens: -1 };
  expect((await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/dispatch/explain', body: wrong })).status).toBe(400);
});

it('session in a header -> predicted answer; the log has no session', async () => {
  const node = await measuredNode();
  const { body } = chatTask();
  const headers = { 'x-claude-code-session-id': 'secret-session', session_id: 'secret-other' };
  const answer = sendRequest(scheduler.port, { method: 'POST', path: '/v1/chat/completions', body, headers });
  succeed(node, await node.until('job_assign'));
  const { headers: answered } = await answer;
  expect(answered['x-muster-route']).toBe('only');
  expect(Number(answered['x-muster-predicted-ms'])).toBeGreaterThan(1000);
  expect((await submit(scheduler.port, {}, headers)).status).toBe(202);
  expect(JSON.stringify(scheduler.log)).not.toContain('secret-');
});

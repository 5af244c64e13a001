// The metrics of a real server: the text format and the counts.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sendRequest } from '../support/http-api';
import { accept, chatOutput, chatTask, readyNode, submit, submitted, succeed } from '../support/job-pool';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

let scheduler: TestScheduler;

beforeEach(async () => {
  scheduler = await startTestScheduler();
});
afterEach(async () => {
  await scheduler.stop();
});

it('metrics -> Prometheus text; every sample has a type, the prefix and a number', async () => {
  await readyNode(scheduler.url, { node_id: 'mine' });
  const { text, headers } = await sendRequest(scheduler.port, { path: '/metrics' });
  expect(headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = text.split('\n').filter((line) => line !== '');
  const typed = new Set(lines.flatMap((line) => /^# TYPE (\S+) (?:counter|gauge|histogram)$/.exec(line)?.[1] ?? []));
  const samples = lines.filter((line) => !line.startsWith('#'));
  for (const sample of samples) {
    const [, name = '', value = ''] = /^(muster_[a-z_]+?)(?:_bucket|_sum|_count)?(?:\{[^}]*\})? (\S+)$/.exec(sample) ?? [];
    expect(typed, sample).toContain(name);
    expect(Number(value), sample).not.toBeNaN();
  }
  expect(samples).toContain('muster_nodes{status="ready"} 1');
  expect(samples).toContain('muster_heartbeat_handling_seconds_count 3');
  expect(samples).toContain('muster_node_status_changes_total{to="ready",reason_code="health_check_passed"} 1');
});

it('metrics: stored, refused and waiting jobs, ended attempts -> counted', async () => {
  const node = await readyNode(scheduler.url, { node_id: 'mine' });
  await submitted(scheduler.port);
  succeed(node, await node.until('job_assign'));
  await node.until('job_result_ack');
  await submitted(scheduler.port, { task: chatTask('hello', 'llm-z') });
  await submit(scheduler.port, { task: chatTask('hello', 'llm-z'), wait_for_node: false });
  const samples = (await sendRequest(scheduler.port, { path: '/metrics' })).text.split('\n');
  expect(samples).toEqual(
    expect.arrayContaining([
      'muster_jobs{status="succeeded"} 1',
      'muster_jobs{status="queued"} 1',
      'muster_jobs_refused_total{code="NO_AVAILABLE_NODE"} 1',
      'muster_job_queue_wait_seconds_count 1',
      'muster_job_attempts_total{outcome="succeeded"} 1',
    ]),
  );
});

it('metrics: jobs with timings -> routes, prediction error, and tokens by model', async () => {
  const node = await readyNode(scheduler.url, { node_id: 'mine' });
  const timings = { first_token_ms: 100, prompt_tokens: 40, cached_tokens: 0, completion_tokens: 21, decode_ms: 100 };
  for (let job = 1; job <= 2; job++) {
    await submitted(scheduler.port);
    const { job_id, attempt, trace_id } = await node.until('job_assign');
    scheduler.clock.advance(250);
    const ids = { job_id, attempt, node_id: node.nodeId, trace_id };
    const output = chatOutput('x'.repeat(4 * timings.completion_tokens));
    node.sendRaw(JSON.stringify({ type: 'job_result', ...ids, success: true, output, processing_time_ms: 5, timings }));
    await node.until('job_result_ack');
  }
  const samples = (await sendRequest(scheduler.port, { path: '/metrics' })).text.split('\n');
  expect(samples).toEqual(
    expect.arrayContaining([
      'muster_route_decisions_total{route="fallback"} 1',
      'muster_route_decisions_total{route="only"} 1',
      'muster_prediction_error_ratio_count 1',
      'muster_tokens_total{model="llm-a",type="prompt"} 80',
      'muster_tokens_total{model="llm-a",type="cached"} 0',
      'muster_tokens_total{model="llm-a",type="output"} 42',
    ]),
  );
});

it('metrics: streamed answer -> time to the first part of the answer, by model', async () => {
  const node = await readyNode(scheduler.url, { node_id: 'mine' });
  const body = { model: 'llm-a', stream: true, messages: [{ role: 'user', content: 'hello' }] };
  const answer = sendRequest(scheduler.port, { method: 'POST', path: '/v1/chat/completions', body });
  const assignment = await node.until('job_assign');
  const { job_id, attempt } = assignment;
  accept(node, assignment);
  scheduler.clock.advance(300);
  node.send({ type: 'job_chunk', job_id, attempt, seq: 0, data: { choices: [{ index: 0, delta: { content: 'hi' } }] } });
  succeed(node, assignment, { status: 200, body: null, chunks: 1 });
  expect((await answer).headers['x-muster-route']).toBe('fallback');
  const { text } = await sendRequest(scheduler.port, { path: '/metrics' });
  expect(text).toContain('muster_first_token_seconds_bucket{le="0.25",model="llm-a"} 0');
  expect(text).toContain('muster_first_token_seconds_bucket{le="0.5",model="llm-a"} 1');
});

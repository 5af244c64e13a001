// The metrics of a real server: the text format and the counts.
import { afterEach, beforeEach, expect, it } from 'vitest';
import { sendRequest } from '../support/http-api';
import { chatTask, readyNode, submit, submitted, succeed } from '../support/job-pool';
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

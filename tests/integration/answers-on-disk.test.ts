// Requests of client APIs: what their prompts and answers leave on the disk of the scheduler (ADR 0050). The files are read as bytes.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';
import { accept, chatOutput, chatTask, failAttempt, jobOf, readyNode, submitted, succeed } from '../support/job-pool';
import { schedulerOfTest } from '../support/scheduler-of-test';
import type { TestNode } from '../support/test-node';
import { testConfig, type TestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

const PROMPT = 'the-marker-of-the-prompt';
const ANSWER = 'the-marker-of-the-answer';
const WRITE_BEHIND_MS = 100;
const HEADERS = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' };

const MESSAGES = [{ role: 'user', content: PROMPT }];
const RESPONSE = { model: 'llm-a', input: PROMPT };
const NATIVE = ['/v1/chat/completions', '/v1/responses'];
const ITEM = { id: 'm', type: 'message', status: 'completed', role: 'assistant' };
const nativeOutput = {
  status: 200,
  body: {
    id: 'resp_server',
    object: 'response',
    status: 'completed',
    model: 'm',
    output: [{ ...ITEM, content: [{ type: 'output_text', text: ANSWER, annotations: [] }] }],
  },
};

/** All bytes in the folder of the databases, as text. */
function diskOf({ databaseFile }: TestScheduler): string {
  const folder = path.dirname(databaseFile);
  const files = readdirSync(folder).filter((name) => name.includes('.db'));
  expect(files).toContain('scheduler-jobs.db');
  return files.map((name) => readFileSync(path.join(folder, name), 'latin1')).join('\n');
}

function expectNoContent(scheduler: TestScheduler, jobId: string): void {
  const disk = diskOf(scheduler);
  expect(disk).toContain(jobId);
  expect([disk.includes(PROMPT), disk.includes(ANSWER)]).toEqual([false, false]);
}

const sendTo = (scheduler: TestScheduler, url: string, body: object): Promise<Response> =>
  fetch(`${scheduler.url}${url}`, { method: 'POST', headers: HEADERS, body: JSON.stringify(body) });

/** The node runs the next job, which is on the disk then. */
async function running(scheduler: TestScheduler, node: TestNode): Promise<JobAssign> {
  const assignment = await node.until('job_assign');
  expect(JSON.stringify(assignment.task)).toContain(PROMPT);
  accept(node, assignment);
  await node.settled();
  scheduler.clock.advance(WRITE_BEHIND_MS);
  return assignment;
}

async function acknowledged(scheduler: TestScheduler, node: TestNode): Promise<void> {
  await node.settled();
  scheduler.clock.advance(WRITE_BEHIND_MS);
  await node.until('job_result_ack');
}

async function pool(change: Parameters<typeof readyNode>[1] = {}, keepAnswers = false) {
  const { jobs } = (await testConfig()).scheduler;
  const scheduler = await schedulerOfTest({ scheduler: { jobs: { ...jobs, keepAnswers } } });
  return { scheduler, node: await readyNode(scheduler.url, change) };
}

describe('request of a client API: neither its prompt nor its answer is on the disk, while it runs and afterwards', () => {
  it.each([
    ['chat', '/v1/chat/completions', { model: 'llm-a', messages: MESSAGES }, false],
    ['Messages', '/v1/messages', { model: 'llm-a', max_tokens: 9, messages: MESSAGES }, false],
    ['Ollama', '/api/chat', { model: 'llm-a', messages: MESSAGES, stream: false }, false],
    ['response', '/v1/responses', RESPONSE, false],
    ['response that is not stored', '/v1/responses', { ...RESPONSE, store: false }, false],
    ['native response', '/v1/responses', RESPONSE, true],
    ['native response that is not stored', '/v1/responses', { ...RESPONSE, store: false }, true],
  ])('%s', async (_what, url, body, isNative) => {
    const tasks = isNative ? NATIVE : NATIVE.slice(0, 1);
    const { scheduler, node } = await pool({ installed_models: [{ model_id: 'llm-a', kind: 'llm', version: '1', tasks }] });
    const answer = sendTo(scheduler, url, body);
    const assignment = await running(scheduler, node);
    expectNoContent(scheduler, assignment.job_id);
    succeed(node, assignment, isNative ? nativeOutput : chatOutput(ANSWER));
    expect(await (await answer).text()).toContain(ANSWER);
    await acknowledged(scheduler, node);
    expectNoContent(scheduler, assignment.job_id);
    const { status, result } = await jobOf(scheduler.port, assignment.job_id);
    expect([status, result]).toMatchObject(['succeeded', { node_id: node.nodeId, output: { status: 200, body: null } }]);
  });

  it.each([
    ['chat', '/v1/chat/completions', { model: 'llm-a', messages: MESSAGES }],
    ['response', '/v1/responses', { ...RESPONSE, store: false }],
  ])('streamed %s', async (_what, url, body) => {
    const { scheduler, node } = await pool();
    const answer = sendTo(scheduler, url, { ...body, stream: true });
    const assignment = await running(scheduler, node);
    const { job_id, attempt } = assignment;
    const data = { choices: [{ index: 0, delta: { content: ANSWER }, finish_reason: 'stop' }] };
    node.send({ type: 'job_chunk', job_id, attempt, seq: 0, data });
    succeed(node, assignment, { status: 200, body: null, chunks: 1 });
    expect(await (await answer).text()).toContain(ANSWER);
    await acknowledged(scheduler, node);
    expectNoContent(scheduler, job_id);
    expect((await jobOf(scheduler.port, job_id)).result).toMatchObject({ output: { status: 200, body: null, chunks: 1 } });
  });

  it('background response, deleted at the end', async () => {
    const { scheduler, node } = await pool();
    const made = (await (await sendTo(scheduler, '/v1/responses', { ...RESPONSE, background: true })).json()) as { readonly id: string };
    const assignment = await running(scheduler, node);
    expectNoContent(scheduler, assignment.job_id);
    succeed(node, assignment, chatOutput(ANSWER));
    await acknowledged(scheduler, node);
    const url = `${scheduler.url}/v1/responses/${made.id}`;
    await until('the response to end', async () => (await (await fetch(url)).text()).includes(ANSWER));
    expectNoContent(scheduler, assignment.job_id);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(200);
    expect(JSON.stringify(await jobOf(scheduler.port, assignment.job_id))).not.toContain(ANSWER);
  });

  it('model server refuses it -> its client reads why', async () => {
    const { scheduler, node } = await pool();
    const answer = sendTo(scheduler, '/v1/chat/completions', { model: 'llm-a', messages: MESSAGES });
    const assignment = await running(scheduler, node);
    succeed(node, assignment, { status: 400, body: { error: { message: `${PROMPT} ${ANSWER}` } } });
    expect(await (await answer).text()).toContain(ANSWER);
    await acknowledged(scheduler, node);
    expectNoContent(scheduler, assignment.job_id);
    expect((await jobOf(scheduler.port, assignment.job_id)).result).toMatchObject({ output: { status: 400, body: null } });
  });
});

it('request of a client API: retried when its prompt is in the store alone -> the node gets the prompt', async () => {
  const { scheduler, node } = await pool();
  const answer = sendTo(scheduler, '/v1/responses', RESPONSE);
  const first = await running(scheduler, node);
  failAttempt(node, first, true);
  await node.settled();
  scheduler.clock.advance(1000);
  const second = await running(scheduler, node);
  expect([second.job_id, second.attempt, second.task]).toEqual([first.job_id, 2, first.task]);
  succeed(node, second, chatOutput(ANSWER));
  expect(await (await answer).text()).toContain(ANSWER);
  expectNoContent(scheduler, first.job_id);
});

it('answers kept by the operator -> on the disk, and read from the job', async () => {
  const { scheduler, node } = await pool({}, true);
  const answer = sendTo(scheduler, '/v1/chat/completions', { model: 'llm-a', messages: MESSAGES });
  const assignment = await running(scheduler, node);
  succeed(node, assignment, chatOutput(ANSWER));
  await (await answer).text();
  await acknowledged(scheduler, node);
  const disk = diskOf(scheduler);
  expect([disk.includes(PROMPT), disk.includes(ANSWER)]).toEqual([false, true]);
  expect((await jobOf(scheduler.port, assignment.job_id)).result).toMatchObject({ output: chatOutput(ANSWER) });
});

it('job of POST /api/v1/jobs -> its prompt is on the disk while it runs, its answer is kept for its submitter', async () => {
  const { scheduler, node } = await pool();
  const jobId = await submitted(scheduler.port, { task: chatTask(PROMPT) });
  const assignment = await running(scheduler, node);
  expect(diskOf(scheduler)).toContain(PROMPT);
  succeed(node, assignment, chatOutput(ANSWER));
  await acknowledged(scheduler, node);
  expect(diskOf(scheduler)).toContain(ANSWER);
  expect((await jobOf(scheduler.port, jobId)).result).toMatchObject({ output: chatOutput(ANSWER) });
});

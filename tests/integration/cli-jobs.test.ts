// `muster submit` and `muster jobs` against a whole scheduler and a node on a real socket.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMMANDS } from '../../src/main/cli/commands';
import { runCli } from '../../src/main/cli/run-cli';
import type { JobView } from '../../src/shared/api/job';
import { accept, failAttempt, jobOf, readyNode, submitted, succeed } from '../support/job-pool';
import { chunkOf } from '../support/openai-bench';
import type { TestNode } from '../support/test-node';
import { startTestScheduler, temporaryDir, type TestScheduler } from '../support/test-scheduler';
import { fakeIo } from '../unit/cli/fake-io';

let scheduler: TestScheduler;
let folder: ReturnType<typeof temporaryDir>;
let node: TestNode;

beforeEach(async () => {
  folder = temporaryDir();
  scheduler = await startTestScheduler();
  node = await readyNode(scheduler.url, { installed_models: [{ model_id: 'llm-a', kind: 'llm', version: '1' }] });
});
afterEach(async () => {
  node.close();
  await scheduler.stop();
  folder.remove();
});

const run = async (argv: readonly string[], piped = '') => {
  const io = fakeIo({ MUSTER_URL: scheduler.url }, piped);
  return { code: await runCli([...argv, '--data-dir', folder.dir], COMMANDS, io), ...io.written };
};
const fileOf = (name: string, content: string | Buffer): string => {
  const file = path.join(folder.dir, name);
  writeFileSync(file, content);
  return file;
};
const CHAT = ['submit', '--model', 'llm-a', '--prompt', 'hello'];
const answer = (content: string) => ({ status: 200, body: { choices: [{ index: 0, message: { role: 'assistant', content } }] } });

describe('submit', () => {
  it('says which job it is and does not wait, unless it is told to', async () => {
    const { code, out, err } = await run(CHAT);
    const assignment = await node.until('job_assign');
    expect([code, out, err]).toEqual([0, expect.stringMatching(new RegExp(`^${assignment.job_id} (queued|assigned)\n$`)), '']);
    expect(assignment.task).toEqual({
      kind: 'openai',
      path: '/v1/chat/completions',
      body: { model: 'llm-a', messages: [{ role: 'user', content: 'hello' }] },
    });
  });

  it('says at once why no node takes it', async () => {
    const { code, out, err } = await run(['submit', '--model', 'llm-z', '--prompt', 'x']);
    const jobId = out.split(' ')[0] ?? '';
    expect([code, err]).toEqual([0, `${jobId}: queued (model_not_available 1); muster jobs ${jobId} says what each node lacks\n`]);
  });

  it('prints the result when it waits, and its progress beside it', async () => {
    const ending = run([...CHAT, '--wait']);
    const assignment = await node.until('job_assign');
    succeed(node, assignment, answer('hi'));
    const { code, out, err } = await ending;
    expect([code, out]).toEqual([0, 'hi\n']);
    expect(err).toContain(`${assignment.job_id}: succeeded on ${node.nodeId}, attempt 1\n`);
  });

  it('prints words as they come', async () => {
    const ending = run([...CHAT, '--stream']);
    const assignment = await node.until('job_assign');
    const { job_id, attempt, task } = assignment;
    expect(task).toMatchObject({ body: { stream: true } });
    accept(node, assignment);
    for (const [seq, word] of ['one ', 'two'].entries()) node.send({ type: 'job_chunk', job_id, attempt, seq, data: chunkOf(word) });
    succeed(node, assignment, { status: 200, body: null });
    expect(await ending).toEqual({ code: 0, out: 'one two\n', err: `${job_id}: on ${node.nodeId}\n` });
  });

  it('ends with 6 when no node has the model of a stream', async () => {
    const { code, out, err } = await run(['submit', '--stream', '--model', 'llm-z', '--prompt', 'x']);
    expect([code, out, err]).toEqual([6, '', expect.stringContaining('model_not_found')]);
  });

  it('ends with 1 when its stream breaks', async () => {
    const ending = run([...CHAT, '--stream']);
    const { job_id, attempt } = await node.until('job_assign');
    node.send({ type: 'job_chunk', job_id, attempt, seq: 0, data: chunkOf('one') });
    node.send({ type: 'node_unregister', node_id: node.nodeId });
    expect(await ending).toMatchObject({ code: 1, out: 'one', err: expect.stringContaining('stream_broken') as string });
  });

  it('takes a job as JSON from a file or a pipe, and the same key twice for one job', async () => {
    const job = JSON.stringify({ task: { kind: 'command', model_id: 'llm-a', input: 'x' }, priority: 3 });
    const first = await run(['submit', fileOf('job.json', job), '--idempotency-key', 'k', '--json']);
    const second = await run(['submit', '-', '--idempotency-key', 'k', '--json'], job);
    expect([first.code, second.code]).toEqual([0, 0]);
    const ids = [first, second].map(({ out }) => (JSON.parse(out) as { job_id: string }).job_id);
    expect(ids[0]).toBe(ids[1]);
    expect(await jobOf(scheduler.port, ids[0] ?? '')).toMatchObject({ priority: 3, task: { kind: 'command', model: 'llm-a' } });
    expect(await run([...CHAT, '--idempotency-key', 'k'])).toMatchObject({
      code: 6,
      err: expect.stringContaining('IDEMPOTENCY_KEY_REUSED') as string,
    });
  });

  it.each([
    ['text', 'speech.txt', Buffer.from('hello'), 'hello'],
    ['sound', 'speech.wav', Buffer.from([255, 0]), { content_type: 'audio/wav', base64: '/wA=' }],
    ['bytes of no known type', 'speech.x', Buffer.from([255, 0]), { content_type: 'application/octet-stream', base64: '/wA=' }],
  ])('gives a command %s from a file', async (_what, name, content, input) => {
    expect(await run(['submit', '--task', 'command', '--model', 'llm-a', '--input', fileOf(name, content)])).toMatchObject({ code: 0 });
    expect((await node.until('job_assign')).task).toEqual({ kind: 'command', model_id: 'llm-a', input });
  });

  it.each([
    ['a sound', { content_type: 'audio/wav', base64: '/wA=' }, Buffer.from([255, 0])],
    ['a sound from an OpenAI path', { status: 200, content_type: 'audio/wav', base64: '/wA=' }, Buffer.from([255, 0])],
    ['a text', { content_type: 'text/plain', text: 'hello' }, Buffer.from('hello')],
  ])('writes %s into a file', async (_what, output, bytes) => {
    const file = fileOf('result', 'older');
    const ending = run([...CHAT, '--output', file]);
    const assignment = await node.until('job_assign');
    accept(node, assignment);
    succeed(node, assignment, output);
    expect(await ending).toMatchObject({ code: 0, out: '', err: expect.stringContaining(`${String(bytes.length)} bytes in `) as string });
    expect(readFileSync(file)).toEqual(bytes);
  });

  it('submits no stream for a file: what was streamed is no part of the result', async () => {
    const job = { task: { kind: 'openai', path: '/v1/chat/completions', body: { model: 'llm-a', messages: [], stream: true } } };
    const file = fileOf('job.json', JSON.stringify(job));
    expect(await run(['submit', file, '--output', 'x'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('leave its "stream" out') as string,
    });
    expect(await run([...CHAT, '--stream', '--output', 'x'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('leave --output out') as string,
    });
  });

  it('ends with 1 when the result cannot be written', async () => {
    const ending = run([...CHAT, '--output', path.join(fileOf('a-file', 'x'), 'result')]);
    const assignment = await node.until('job_assign');
    accept(node, assignment);
    succeed(node, assignment, { content_type: 'text/plain', text: 'hello' });
    expect(await ending).toMatchObject({ code: 1, err: expect.stringContaining('cannot be written (ENOTDIR)') as string });
  });

  it('ends with 1 when the job has failed, and says why', async () => {
    const ending = run([...CHAT, '--wait']);
    failAttempt(node, await node.until('job_assign'), false);
    expect(await ending).toMatchObject({
      code: 1,
      out: '',
      err: expect.stringContaining('muster: runtime_http_500: it broke\n') as string,
    });
  });

  it('ends with 7 when no node took it in time', async () => {
    const job = { task: { kind: 'command', model_id: 'llm-z', input: 'x' }, queue_timeout_seconds: 2 };
    const ending = run(['submit', '-', '--wait'], JSON.stringify(job));
    await run(['jobs']).then(async function waits({ out }): Promise<unknown> {
      return out.includes('queued') ? null : run(['jobs']).then(waits);
    });
    scheduler.clock.advance(3000);
    expect(await ending).toMatchObject({ code: 7, err: expect.stringContaining('queue_timeout') as string });
  });

  it.each([
    [['submit'], 'name the FILE'],
    [['submit', 'x.json', '--model', 'm'], 'has no --model'],
    [['submit', '/nowhere/job.json'], 'cannot be read (ENOENT)'],
    [['submit', '--model', 'm'], 'either --prompt TEXT or --input FILE'],
    [['submit', '--model', 'm', '--prompt', 'x', '--task', 'dance'], '--task is chat or command'],
    [['submit', '--model', 'm', '--prompt', 'x', '--task', 'command', '--stream'], '--stream is for a chat'],
    [[...CHAT, '--stream', '--wait'], 'leave --wait out'],
    [[...CHAT, '--stream', '--idempotency-key', 'k'], 'exclude each other'],
    [['submit', '-', '--stream'], 'not for a job from a file'],
    [['submit', '--model', '', '--prompt', 'x'], 'task.body.model'],
    [['submit', '-'], 'not JSON'],
    [['submit', '-'], '-: Unrecognized key: "prio"', '{"task":{"kind":"command","model_id":"m","input":"x"},"prio":3}'],
    [[...CHAT, '--idempotency-key', 'a b'], '--idempotency-key'],
  ])('ends with 2 and sends nothing for %j', async (argv, words, piped?: string) => {
    expect(await run(argv, piped)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(words) as string });
    expect(await run(['jobs'])).toMatchObject({ code: 0, out: 'There are no jobs.\n' });
  });
});

describe('jobs', () => {
  it('lists those with a status', async () => {
    const waiting = await submitted(scheduler.port, { task: { kind: 'command', model_id: 'llm-z', input: 'x' } });
    const running = await submitted(scheduler.port);
    const { out } = await run(['jobs', '--status', 'queued']);
    expect([out.includes(waiting), out.includes(running)]).toEqual([true, false]);
    expect(await run(['jobs', '--status', 'lost'])).toMatchObject({ code: 2 });
  });

  it('shows why one waits', async () => {
    const jobId = await submitted(scheduler.port, { task: { kind: 'command', model_id: 'llm-z', input: 'x' } });
    const { code, out } = await run(['jobs', jobId]);
    expect([code, out]).toEqual([0, expect.stringMatching(/model_not_available +1 /)]);
    expect((JSON.parse((await run(['jobs', jobId, '--json'])).out) as JobView).waiting?.ahead).toBe(0);
  });

  it('follows one to its end, as events when JSON is asked for', async () => {
    const jobId = await submitted(scheduler.port);
    const ending = run(['jobs', jobId, '--follow', '--json']);
    const assignment = await node.until('job_assign');
    succeed(node, assignment, answer('hi'));
    const { code, out } = await ending;
    const events = out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { job: JobView }).job.status);
    expect([code, events.at(-1)]).toEqual([0, 'succeeded']);
  });

  it('cancels one, and then not again', async () => {
    const jobId = await submitted(scheduler.port);
    await node.until('job_assign');
    expect(await run(['jobs', '--cancel', jobId])).toEqual({ code: 0, out: `${jobId}: cancelled\n`, err: '' });
    expect(await node.until('job_cancel')).toMatchObject({ job_id: jobId });
    expect(await run(['jobs', '--cancel', jobId])).toMatchObject({ code: 6, err: expect.stringContaining(`${jobId}: it has ended already`) as string });
  });

  it.each([[['jobs', 'no-such-job']], [['jobs', 'no-such-job', '--follow']], [['jobs', '--cancel', 'no-such-job']]])(
    'ends with 6 for %j, which nobody knows',
    async (argv) => {
      expect(await run(argv)).toMatchObject({ code: 6, out: '', err: expect.stringContaining('no-such-job: no job has this id') as string });
    },
  );
});

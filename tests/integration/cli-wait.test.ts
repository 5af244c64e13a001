// `muster submit` with --wait, --output or --stream: output, files and exit codes.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { answer, CHAT, COMMAND_JOB, SPEECH_JOB, STREAMED_JOB, useCliBench } from '../support/cli-bench';
import { accept, failAttempt, succeed } from '../support/job-pool';
import { sendRequest } from '../support/http-api';
import { chunkOf } from '../support/openai-bench';
import { heartbeat } from '../support/test-node';
import { startTestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

const bench = useCliBench();
const { fileOf, run } = bench;

it('wait: result on stdout, progress on stderr', async () => {
  const ending = run([...CHAT, '--wait']);
  const assignment = await bench.node.until('job_assign');
  succeed(bench.node, assignment, answer('hi'));
  const { code, out, err } = await ending;
  expect([code, out]).toEqual([0, 'hi\n']);
  expect(err).toContain(`${assignment.job_id}: succeeded on ${bench.node.nodeId}, attempt 1\n`);
});

it.each([
  [true, '', /: 2 bytes of audio\/wav; save them with submit --output FILE\n$/],
  [false, '{\n  "content_type": "audio/wav",\n  "base64": "/wA="\n}\n', /: succeeded on [^,]+, attempt 1\n$/],
])('wait: binary result, terminal: %j', async (outIsTerminal, out, err) => {
  const ending = run(['submit', fileOf('job.json', COMMAND_JOB), '--wait'], '', { outIsTerminal });
  const assignment = await bench.node.until('job_assign');
  accept(bench.node, assignment);
  succeed(bench.node, assignment, { content_type: 'audio/wav', base64: '/wA=' });
  expect(await ending).toEqual({ code: 0, out, err: expect.stringMatching(err) });
});

it('wait: job requeued -> the reason once on stderr', async () => {
  const ending = run([...CHAT, '--wait']);
  const assignment = await bench.node.until('job_assign');
  failAttempt(bench.node, assignment, true);
  await until('the job to be requeued', async () => (await run(['jobs', '--status', 'queued'])).out.includes('llm-a'));
  bench.scheduler.clock.advance(60_000);
  await run(['jobs', '--cancel', assignment.job_id]);
  const { err } = await ending;
  const lines = err.split('\n');
  expect(lines.find((line) => line.includes('queued again'))).toBe(
    `${assignment.job_id}: queued again after attempt 1 on ${bench.node.nodeId} failed: runtime_http_500: it broke`,
  );
  expect(lines.filter((line, index) => line === lines[index - 1])).toEqual([]);
});

it('stream: text printed as it arrives', async () => {
  const ending = run([...CHAT, '--stream']);
  const assignment = await bench.node.until('job_assign');
  const { job_id, attempt, task } = assignment;
  expect(task).toMatchObject({ body: { stream: true } });
  accept(bench.node, assignment);
  for (const [seq, word] of ['one ', 'two'].entries()) bench.node.send({ type: 'job_chunk', job_id, attempt, seq, data: chunkOf(word) });
  succeed(bench.node, assignment, { status: 200, body: null });
  expect(await ending).toEqual({ code: 0, out: 'one two\n', err: `${job_id}: on ${bench.node.nodeId}\n` });
});

it('stream: no node has the model -> exit code 6', async () => {
  const { code, out, err } = await run(['submit', '--stream', '--model', 'llm-z', '--prompt', 'x']);
  expect([code, out, err]).toEqual([6, '', expect.stringContaining('model_not_found')]);
});

it('stream: every node is full until the queue timeout -> exit code 7', async () => {
  const full = { cpu_percent: 1, mem_percent: 1, gpu_percent: 0, running_jobs: 99 };
  const beat = async () => {
    bench.node.send(heartbeat(bench.node.nodeId, { resource_usage: full }));
    await bench.node.settled();
  };
  await beat();
  const ending = run([...CHAT, '--stream']);
  await until('the request to wait', async () =>
    (await sendRequest(bench.scheduler.port, { path: '/api/v1/jobs' })).text.includes('"queued":1'),
  );
  for (let beats = 0; beats < 40; beats++) {
    bench.scheduler.clock.advance(3000);
    await beat();
  }
  expect(await ending).toMatchObject({ code: 7, err: expect.stringContaining('pool_full') as string });
});

it('stream: node lost -> exit code 1', async () => {
  const ending = run([...CHAT, '--stream']);
  const { job_id, attempt } = await bench.node.until('job_assign');
  bench.node.send({ type: 'job_chunk', job_id, attempt, seq: 0, data: chunkOf('one') });
  bench.node.send({ type: 'node_unregister', node_id: bench.node.nodeId });
  expect(await ending).toMatchObject({ code: 1, out: 'one', err: expect.stringContaining('stream_broken') as string });
});

it.each([
  ['audio of a command', COMMAND_JOB, { content_type: 'audio/wav', base64: '/wA=' }, Buffer.from([255, 0])],
  ['audio of an OpenAI task', SPEECH_JOB, { status: 200, content_type: 'audio/wav', base64: '/wA=' }, Buffer.from([255, 0])],
  ['text', COMMAND_JOB, { content_type: 'text/plain', text: 'hello' }, Buffer.from('hello')],
])('output: %s -> file', async (_title, job, output, bytes) => {
  const file = fileOf('result', 'older');
  const ending = run(['submit', fileOf('job.json', job), '--output', file]);
  const assignment = await bench.node.until('job_assign');
  accept(bench.node, assignment);
  succeed(bench.node, assignment, output);
  expect(await ending).toMatchObject({
    code: 0,
    out: '',
    err: expect.stringContaining(`${String(bytes.length)} bytes written to `) as string,
  });
  expect(readFileSync(file)).toEqual(bytes);
});

it('output: streamed job -> file, if the node stored the stream', async () => {
  const [job, file] = [fileOf('job.json', STREAMED_JOB), fileOf('result', 'older')];
  for (const [events, code, content] of [
    [undefined, 1, 'older'],
    [[chunkOf('one '), chunkOf('two')], 0, 'one two'],
  ] as const) {
    const ending = run(['submit', job, '--output', file]);
    const assignment = await bench.node.until('job_assign');
    accept(bench.node, assignment);
    succeed(bench.node, assignment, { status: 200, body: null, chunks: 2, ...(events === undefined ? {} : { events }) });
    expect(await ending).toMatchObject({ code, out: '' });
    expect(readFileSync(file, 'utf8')).toBe(content);
  }
});

it('output: file cannot be written -> exit code 1, and a hint at the result', async () => {
  const ending = run(['submit', fileOf('job.json', COMMAND_JOB), '--output', bench.folder]);
  const assignment = await bench.node.until('job_assign');
  accept(bench.node, assignment);
  succeed(bench.node, assignment, { content_type: 'text/plain', text: 'hello' });
  const message = `cannot be written (EISDIR). Print the result with: muster jobs ${assignment.job_id} --json --data-dir ${bench.folder}\n`;
  expect(await ending).toMatchObject({ code: 1, err: expect.stringContaining(message) as string });
});

it.each([['--wait'], ['--output']])('%s: runtime rejects the request -> exit code 1, file unchanged', async (flag) => {
  const file = fileOf('result', 'older');
  const ending = run([...CHAT, flag, ...(flag === '--output' ? [file] : [])]);
  const assignment = await bench.node.until('job_assign');
  accept(bench.node, assignment);
  succeed(bench.node, assignment, { status: 400, body: { error: { message: 'too long' } } });
  expect(await ending).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('rejected the request with status 400: too long\n') as string,
  });
  expect(readFileSync(file, 'utf8')).toBe('older');
});

it('wait: connection lost -> exit code 5, and a hint that the job continues', async () => {
  const ending = run([...CHAT, '--wait']);
  const { job_id: jobId } = await bench.node.until('job_assign');
  await bench.scheduler.stop();
  expect(await ending).toMatchObject({
    code: 5,
    err: expect.stringContaining(`The job continues. Follow it with: muster jobs ${jobId} --follow --data-dir ${bench.folder}\n`) as string,
  });
  bench.scheduler = await startTestScheduler();
});

it.each<[string, (assignment: Parameters<typeof succeed>[1]) => void]>([
  [
    'fails',
    (assignment) => {
      failAttempt(bench.node, assignment, false);
    },
  ],
  [
    'is rejected by the runtime',
    (assignment) => {
      succeed(bench.node, assignment, { status: 400, body: { error: { message: 'no', code: 'rt_400' } } });
    },
  ],
])('stream: job %s -> exit code 1', async (_title, end) => {
  const ending = run([...CHAT, '--stream']);
  end(await bench.node.until('job_assign'));
  expect(await ending).toMatchObject({ code: 1, out: '' });
});

it('stream: queue timeout -> exit code 7', async () => {
  bench.node.close();
  const ending = run([...CHAT, '--stream']);
  await until('the job to be queued', async () => (await run(['jobs', '--status', 'queued'])).out.includes('llm-a'));
  bench.scheduler.clock.advance(61_000);
  expect(await ending).toMatchObject({ code: 7, out: '', err: expect.stringContaining('model_not_ready') as string });
});

it('wait: job failed -> exit code 1 with the reason', async () => {
  const ending = run([...CHAT, '--wait']);
  failAttempt(bench.node, await bench.node.until('job_assign'), false);
  expect(await ending).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringContaining('muster: runtime_http_500: it broke\n') as string,
  });
});

it('wait: queue timeout -> exit code 7', async () => {
  const job = { task: { kind: 'command', model_id: 'llm-z', input: 'x' }, queue_timeout_seconds: 2 };
  const ending = run(['submit', '-', '--wait'], JSON.stringify(job));
  await run(['jobs']).then(async function waits({ out }): Promise<unknown> {
    return out.includes('queued') ? null : run(['jobs']).then(waits);
  });
  bench.scheduler.clock.advance(3000);
  expect(await ending).toMatchObject({ code: 7, err: expect.stringContaining('queue_timeout') as string });
});

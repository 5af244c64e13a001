// `muster submit`: the submitted job, the output, and usage errors before a request is sent.
import { expect, it } from 'vitest';
import { CHAT, useCliBench } from '../support/cli-bench';
import { sendRequest } from '../support/http-api';
import { jobOf } from '../support/job-pool';
import { startTestScheduler } from '../support/test-scheduler';
import { until } from '../support/until';

const bench = useCliBench();
const { fileOf, run } = bench;

it('submit: prints the job ID and does not wait', async () => {
  const { code, out, err } = await run(CHAT);
  const assignment = await bench.node.until('job_assign');
  expect([code, out, err]).toEqual([0, expect.stringMatching(new RegExp(`^${assignment.job_id} (queued|assigned)\n$`)), '']);
  expect(assignment.task).toEqual({
    kind: 'openai',
    path: '/v1/chat/completions',
    body: { model: 'llm-a', messages: [{ role: 'user', content: 'hello' }] },
  });
});

it.each([[[]], [['--wait', '--queue-timeout', '1']]])('submit: no node has the model -> a suggestion on stderr, with %j', async (more) => {
  const submitted = run(['submit', '--model', 'llm-aa', '--prompt', 'x', ...more]);
  if (more.length > 0) {
    await until('the job to be followed', async () =>
      (await sendRequest(bench.scheduler.port, { path: '/metrics' })).text.includes('muster_job_streams 1'),
    );
    bench.scheduler.clock.advance(2000);
  }
  const { code, err } = await submitted;
  expect([code, err]).toEqual([
    more.length > 0 ? 7 : 0,
    expect.stringMatching(
      /^(job-\S+): queued: no node has llm-aa, did you mean llm-a\?; queue deadline \S+ \S+ UTC; details: muster jobs \1 --data-dir \S+\n/,
    ),
  ]);
});

it('submit: no node registered -> a message on stderr', async () => {
  bench.node.close();
  await bench.scheduler.stop();
  bench.scheduler = await startTestScheduler();
  const { code, out, err } = await run(CHAT);
  const jobId = out.split(' ')[0] ?? '';
  expect([code, err]).toEqual([
    0,
    expect.stringMatching(new RegExp(`^${jobId}: queued: no node has registered; queue deadline .* UTC\n$`)),
  ]);
});

it('submit: job as JSON from a file or a pipe; the same idempotency key -> the same job', async () => {
  const job = JSON.stringify({ task: { kind: 'command', model_id: 'llm-a', input: 'x' }, priority: 3 });
  const first = await run(['submit', fileOf('job.json', job), '--idempotency-key', 'k', '--json']);
  const second = await run(['submit', '-', '--idempotency-key', 'k', '--json'], job);
  expect([first.code, second.code]).toEqual([0, 0]);
  const ids = [first, second].map(({ out }) => (JSON.parse(out) as { job_id: string }).job_id);
  expect(ids[0]).toBe(ids[1]);
  expect(await jobOf(bench.scheduler.port, ids[0] ?? '')).toMatchObject({ priority: 3, task: { kind: 'command', model: 'llm-a' } });
  expect(await run([...CHAT, '--idempotency-key', 'k'])).toMatchObject({
    code: 6,
    err: expect.stringContaining('IDEMPOTENCY_KEY_REUSED') as string,
  });
});

it('submit: priority, timeouts and attempts', async () => {
  const limits = ['--priority', '7', '--timeout', '5', '--queue-timeout', '6', '--total-timeout', '60.5', '--max-attempts', '2'];
  const { out } = await run([...CHAT, ...limits]);
  const job = await jobOf(bench.scheduler.port, out.split(' ')[0] ?? '');
  expect(job).toMatchObject({ priority: 7, timeout_seconds: 5, max_attempts: 2 });
  expect([job.queue_deadline_at - job.created_at, (job.total_deadline_at ?? 0) - job.created_at]).toEqual([6000, 60_500]);
});

it.each([
  ['text', 'speech.txt', Buffer.from('hello'), 'hello'],
  ['audio', 'speech.wav', Buffer.from([255, 0]), { content_type: 'audio/wav', base64: '/wA=' }],
  ['bytes of an unknown type', 'speech.x', Buffer.from([255, 0]), { content_type: 'application/octet-stream', base64: '/wA=' }],
])('submit: %s from a file -> input of a command', async (_title, name, content, input) => {
  expect(await run(['submit', '--task', 'command', '--model', 'llm-a', '--input', fileOf(name, content)])).toMatchObject({ code: 0 });
  expect((await bench.node.until('job_assign')).task).toEqual({ kind: 'command', model_id: 'llm-a', input });
});

it('submit: parameters of a command, and a required node', async () => {
  const command = ['submit', '--task', 'command', '--model', 'llm-a', '--prompt', 'x', '--param', 'voice=es', '--param', 'speed=1.5'];
  expect(await run([...command, '--node', bench.node.nodeId])).toMatchObject({ code: 0 });
  const params = { voice: 'es', speed: 1.5 };
  expect((await bench.node.until('job_assign')).task).toEqual({ kind: 'command', model_id: 'llm-a', input: 'x', params });
  const elsewhere = await run([...command, '--node', 'node-x']);
  expect(elsewhere).toMatchObject({ code: 0, err: expect.stringContaining('the job requires node node-x') as string });
});

it('submit: text of a file of any name -> message of a chat; binary file -> exit code 2', async () => {
  expect(await run(['submit', '--model', 'llm-a', '--input', fileOf('data.json', '{"a":1}')])).toMatchObject({ code: 0 });
  expect((await bench.node.until('job_assign')).task).toMatchObject({ body: { messages: [{ content: '{"a":1}' }] } });
  expect(await run(['submit', '--model', 'llm-a', '--input', fileOf('a.wav', Buffer.from([255, 0]))])).toMatchObject({ code: 2 });
});

it('submit: job file with a byte order mark', async () => {
  const job = '\ufeff{"task":{"kind":"command","model_id":"llm-a","input":"x"}}';
  expect(await run(['submit', fileOf('job.json', job)])).toMatchObject({ code: 0 });
});

it.each([
  [['submit'], 'give the FILE of a job'],
  [[...CHAT, '--output', '/nowhere/at/all'], '--output: /nowhere/at/all cannot be written (ENOENT)'],
  [[...CHAT, '--priority', 'high'], '--priority: expected a number, not "high"'],
  [[...CHAT, '--priority', '101'], '--priority: '],
  [[...CHAT, '--timeout', '0'], '--timeout: '],
  [[...CHAT, '--queue-timeout=-1'], '--queue-timeout: '],
  [[...CHAT, '--total-timeout', '1e12'], '--total-timeout: '],
  [[...CHAT, '--max-attempts', '1.5'], '--max-attempts: '],
  [[...CHAT, '--stream', '--max-attempts', '1'], '--stream and --max-attempts cannot be used together'],
  [['submit', 'x.json', '--priority', '1'], '--priority cannot be used with a job from a file'],
  [['submit', 'x.json', '--model', 'm'], '--model cannot be used with a job from a file'],
  [['submit', '/nowhere/job.json'], 'cannot be read (ENOENT)'],
  [['submit', '--model', 'm'], 'either --prompt TEXT or --input FILE'],
  [['submit', '--model', 'm', '--prompt', 'x', '--task', 'dance'], '--task: expected chat or command'],
  [['submit', '--model', 'm', '--prompt', 'x', '--task', 'command', '--stream'], '--stream can only be used with a chat'],
  [[...CHAT, '--stream', '--output', 'x'], '--stream and --output cannot be used together'],
  [[...CHAT, '--param', 'voice=es'], '--param needs --task command'],
  [['submit', '--task', 'command', '--model', 'm', '--prompt', 'x', '--param', 'voice'], '--param: expected NAME=VALUE, not "voice"'],
  [['submit', 'x.json', '--param', 'voice=es'], '--param cannot be used with a job from a file'],
  [[...CHAT, '--node', 'x'.repeat(1000)], '--node: '],
  [[...CHAT, '--stream', '--node', 'n1'], '--stream and --node cannot be used together'],
  [[...CHAT, '--stream', '--wait'], '--stream and --wait cannot be used together'],
  [[...CHAT, '--stream', '--idempotency-key', 'k'], '--stream and --idempotency-key cannot be used together'],
  [['submit', '-', '--stream'], '--stream cannot be used with a job from a file'],
  [['submit', '--model', '', '--prompt', 'x'], 'task.body.model'],
  [['submit', '-'], 'not JSON'],
  [['submit', '-'], '-: Unrecognized key: "prio"', '{"task":{"kind":"command","model_id":"m","input":"x"},"prio":3}'],
  [[...CHAT, '--idempotency-key', 'a b'], '--idempotency-key'],
])('submit: %j -> exit code 2, no request', async (argv, message, piped?: string) => {
  expect(await run(argv, piped)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) as string });
  expect(await run(['jobs'])).toMatchObject({ code: 0, out: 'There are no jobs.\n' });
});

// `muster jobs` with a whole scheduler and a node on a real socket.
import { describe, expect, it } from 'vitest';
import type { JobView } from '../../src/shared/api/job';
import { answer, STREAMED_JOB, useCliBench } from '../support/cli-bench';
import { sendRequest } from '../support/http-api';
import { accept, jobOf, submitted, succeed } from '../support/job-pool';
import { chunkOf } from '../support/openai-bench';
import { until } from '../support/until';

const bench = useCliBench();
const { run } = bench;

it('jobs: filter by status', async () => {
  const waiting = await submitted(bench.scheduler.port, { task: { kind: 'command', model_id: 'llm-z', input: 'x' } });
  const running = await submitted(bench.scheduler.port);
  const { out } = await run(['jobs', '--status', 'queued']);
  expect([out.includes(waiting), out.includes(running)]).toEqual([true, false]);
  expect(await run(['jobs', '--status', 'lost'])).toMatchObject({ code: 2 });
});

it('cancel JOB..., retry JOB, jobs --export: the jobs of the scheduler', async () => {
  const ids = [await submitted(bench.scheduler.port), await submitted(bench.scheduler.port)] as const;
  expect(await run(['cancel', ...ids])).toEqual({ code: 0, out: `${ids[0]}: cancelled\n${ids[1]}: cancelled\n`, err: '' });
  const again = await run(['cancel', ids[0], 'no-such-job']);
  expect([again.code, again.out]).toEqual([6, '']);
  expect(again.err).toMatch(/^muster: \S+: the job has already ended\nmuster: no-such-job: no job has this ID, .*\n$/);
  const { code, out } = await run(['retry', ids[0]]);
  const retried = out.trim();
  expect([code, (await jobOf(bench.scheduler.port, retried)).retry_of]).toEqual([0, ids[0]]);
  expect(await run(['retry', retried])).toMatchObject({ code: 6, err: `muster: ${retried}: the job has not ended\n` });
  const csv = await run(['jobs', '--export', 'csv', '--status', 'cancelled']);
  const lines = csv.out.split('\r\n').map((line) => line.split(',').slice(0, 3));
  expect([csv.code, lines]).toEqual([
    0,
    [['\ufeffjob_id', 'status', 'model'], [ids[1], 'cancelled', 'llm-a'], [ids[0], 'cancelled', 'llm-a'], ['']],
  ]);
  expect(await run(['jobs', '--export', 'jsonl', '--model', 'other'])).toEqual({ code: 0, out: '', err: '' });
});

it('explain --what-if: the changes are judged, each has a line', async () => {
  const node = bench.node.nodeId;
  const { code, out } = await run(['explain', '--model', 'llm-a', '--what-if', 'limits:gpu=99', '--what-if', `drained:${node}`]);
  expect([code, out.slice(out.indexOf('What if'))]).toEqual([
    0,
    `What if limits:gpu=99: no change.\nWhat if drained:${node}: no node would get this job; 0 nodes could take it.\n`,
  ]);
});

it('jobs JOB: why the job waits', async () => {
  const jobId = await submitted(bench.scheduler.port, { task: { kind: 'command', model_id: 'llm-z', input: 'x' } });
  const { code, out } = await run(['jobs', jobId]);
  expect([code, out]).toEqual([0, expect.stringMatching(/model_not_available +1 /)]);
  expect((JSON.parse((await run(['jobs', jobId, '--json'])).out) as JobView).waiting?.ahead).toBe(0);
});

it('jobs --follow --json: events until the end of the job', async () => {
  const jobId = await submitted(bench.scheduler.port);
  const ending = run(['jobs', jobId, '--follow', '--json']);
  const assignment = await bench.node.until('job_assign');
  succeed(bench.node, assignment, answer('hi'));
  const { code, out } = await ending;
  const events = out
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { job: JobView }).job.status);
  expect([code, events.at(-1)]).toEqual([0, 'succeeded']);
});

describe('jobs --follow of a streamed job', () => {
  const [one, two, three] = ['one ', 'two ', 'three'].map(chunkOf);
  const kept = { status: 200, body: null, chunks: 3, events: [one, two, three] };
  const notKept = { status: 200, body: null, chunks: 3 };
  /** `received`: the numbers of the chunks that arrive while the job is followed. */
  const follow = async (received: readonly number[], output: unknown) => {
    const jobId = await submitted(bench.scheduler.port, JSON.parse(STREAMED_JOB) as object);
    const assignment = await bench.node.until('job_assign');
    accept(bench.node, assignment);
    const ending = run(['jobs', jobId, '--follow']);
    const isFollowed = async () => (await sendRequest(bench.scheduler.port, { path: '/metrics' })).text.includes('muster_job_streams 1');
    await until('the job to be followed', isFollowed);
    for (const seq of received) bench.node.send({ type: 'job_chunk', job_id: jobId, attempt: 1, seq, data: [one, two, three][seq] });
    succeed(bench.node, assignment, output);
    return ending;
  };

  it.each<[string, readonly number[], unknown, number, string]>([
    ['all chunks', [0, 1, 2], notKept, 0, 'one two three\n'],
    ['all chunks, from a node that does not count them', [0, 1, 2], undefined, 0, 'one two three\n'],
    ['the end', [1, 2], notKept, 1, 'two three\n'],
    ['the end, stream stored', [1, 2], kept, 0, 'one two three\n'],
    ['the beginning', [0], notKept, 1, 'one \n'],
    ['the beginning, stream stored', [0], kept, 0, 'one two three\n'],
    ['no chunk, stream stored', [], kept, 0, 'one two three\n'],
    ['a gap in the middle', [0, 2], kept, 1, 'one three\n'],
  ])('received: %s', async (_title, received, output, code, out) => {
    const ended = await follow(received, output);
    expect(ended).toMatchObject({ code, out });
    expect(ended.err.endsWith('muster: part of the answer is missing\n')).toBe(code === 1);
  });
});

it('jobs: more jobs than the limit -> the command for the next page', async () => {
  const ids = [await submitted(bench.scheduler.port), await submitted(bench.scheduler.port), await submitted(bench.scheduler.port)];
  const first = await run(['jobs', '--limit', '2']);
  const more = /^More jobs: muster (jobs --limit 2 --cursor \d+) --data-dir \S+\n$/.exec(first.err)?.[1] ?? '';
  expect(first.err).toContain(` --data-dir ${bench.folder}\n`);
  const rest = await run(more.split(' '));
  expect([first, rest].map(({ out }) => ids.filter((id) => out.includes(id)))).toEqual([[ids[1], ids[2]], [ids[0]]]);
  expect(rest.err).toBe('');
});

it('jobs JOB: control characters of a model -> replaced on a terminal', async () => {
  const jobId = await submitted(bench.scheduler.port);
  succeed(bench.node, await bench.node.until('job_assign'), answer('a\u001b[31mb'));
  await until('the job to succeed', async () => (await jobOf(bench.scheduler.port, jobId)).status === 'succeeded');
  const { out } = await run(['jobs', jobId], '', { outIsTerminal: true });
  expect(out).toContain('a\ufffd[31mb\n');
});

it.each([
  [['jobs', ''], 'the ID of the JOB is empty'],
  [['jobs', '--cancel', ''], 'the ID of the JOB is empty'],
  [['jobs', '--cancel', 'j', '--status', 'queued'], '--status is for the list of jobs'],
  [['jobs', 'j', '--limit', '3'], '--limit is for the list of jobs'],
  [['jobs', '--limit', '501'], '--limit: '],
  [['jobs', '--limit', 'all'], '--limit: '],
  [['jobs', '--cursor', 'x'], '--cursor: '],
  [['jobs', '--export', 'xml'], '--export: '],
  [['jobs', 'j', '--export', 'csv'], '--export is for the list of jobs'],
  [['jobs', '--export', 'csv', '--limit', '3'], '--limit cannot be used with --export'],
])('jobs: %j -> exit code 2', async (argv, message) => {
  expect(await run(argv)).toMatchObject({ code: 2, out: '', err: expect.stringContaining(message) as string });
});

it('jobs --cancel: cancels once, then exit code 6', async () => {
  const jobId = await submitted(bench.scheduler.port);
  await bench.node.until('job_assign');
  expect(await run(['jobs', '--cancel', jobId])).toEqual({ code: 0, out: `${jobId}: cancelled\n`, err: '' });
  expect(await bench.node.until('job_cancel')).toMatchObject({ job_id: jobId });
  expect(await run(['jobs', '--cancel', jobId])).toMatchObject({
    code: 6,
    err: expect.stringContaining(`${jobId}: the job has already ended`) as string,
  });
});

it.each([[['jobs', 'no-such-job']], [['jobs', 'no-such-job', '--follow']], [['jobs', '--cancel', 'no-such-job']]])(
  'jobs: unknown job, %j -> exit code 6',
  async (argv) => {
    expect(await run(argv)).toMatchObject({
      code: 6,
      out: '',
      err: expect.stringContaining('no-such-job: no job has this ID') as string,
    });
  },
);

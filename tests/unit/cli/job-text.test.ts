// What is printed of jobs, what of a result is words, and which exit code an end means.
import { describe, expect, test } from 'vitest';
import type { JobError, JobStatus, JobView } from '../../../src/shared/api/job';
import { exitCodeOf, failureText, harmless, jobsText, jobText, refusalText, resultBytes, resultText } from '../../../src/main/cli/job-text';
import { chunkWords } from '../../../src/shared/api/job-content';
import { progressText } from '../../../src/main/cli/waiting-text';
import { MemoryJob } from '../../support/memory-jobs';
import { wordingOf } from '../../../src/main/cli/core/labels';

const ENGLISH = wordingOf({});

const view = (change: Partial<JobView> = {}): JobView => {
  const task = { kind: 'command' as const, model_id: 'nmt-en-es', input: 'hello' };
  const submission = { required_models: [], public: true, task, wait_for_node: true, max_attempts: 3, priority: 0 };
  return { ...new MemoryJob('job-1', submission, { idempotencyKey: null, interactive: false, traceId: null }).view, ...change };
};
const failed: JobError = { code: 'command_failed', message: 'exit code 1\u001b[2J', details: null };
const result = (output: unknown): JobView['result'] => ({
  attempt: 1,
  node_id: 'n1',
  success: true,
  output,
  error: null,
  processing_time_ms: 5,
});

test('a list without jobs says so', () => {
  expect(jobsText([], 0)).toBe('There are no jobs.\n');
  expect(jobsText([], 0, 'queued')).toBe('There are no queued jobs.\n');
});

test('each job has a row', () => {
  const jobs = [
    view({ created_at: 0 }),
    view({ job_id: 'job-2', status: 'failed', node_id: 'n1', attempt: 3, error: failed, created_at: 0 }),
  ];
  expect(jobsText(jobs, 120_000)).toBe(
    [
      'JOB    STATUS  MODEL      NODE  ATTEMPT  AGE    ERROR',
      'job-1  queued  nmt-en-es  -     0 of 3   2 min',
      'job-2  failed  nmt-en-es  n1    3 of 3   2 min  command_failed',
      '',
    ].join('\n'),
  );
});

test('a job that waits says who is ahead and why no node takes it', () => {
  const reasons = { capacity_exceeded: { count: 2, examples: ['n1', 'n2'] } };
  const waiting = { since: 0, not_before: null, blocked_by: null, ahead: 4, reasons, nodes_total: 0, nodes: [] };
  expect(jobText(view({ created_at: 0, waiting }), 5000, ENGLISH)).toBe(
    [
      'job-1: queued, command with nmt-en-es, 1 bytes, 5 s old',
      '',
      '4 jobs are ahead of it; it waits until 1970-01-01 00:01 UTC.',
      'WAITS BECAUSE      NODES  SUCH AS',
      'capacity_exceeded  2      n1, n2',
      '',
    ].join('\n'),
  );
});

const waiting = (change: Partial<NonNullable<JobView['waiting']>> = {}) => ({
  since: 0,
  not_before: null,
  blocked_by: null,
  ahead: 0,
  reasons: {},
  nodes_total: change.nodes?.length ?? 0,
  nodes: [],
  ...change,
});
const open = { node_id: 'n1', excluded: [] };

test.each<[string, NonNullable<JobView['waiting']>, string, string]>([
  ['nobody is there', waiting(), 'No node has registered.\n', 'job-1: queued: no node has registered; it waits until 1970-01-01 00:01 UTC'],
  ['its turn has not come', waiting({ nodes: [open] }), 'A node could take it now.\n', 'job-1: queued: a node could take it now'],
  [
    'the disk is full',
    waiting({ blocked_by: 'storage_full', nodes: [open] }),
    'The disk of the scheduler is full, and no job goes out until it can be written to.\n',
    'job-1: queued: the disk of the scheduler is full, and no job goes out until it can be written to',
  ],
  [
    'an attempt failed',
    waiting({ not_before: 6500, nodes: [open] }),
    'It is tried again in 2 s, after a failed attempt.\n',
    'job-1: queued: it is tried again in 2 s, after a failed attempt',
  ],
  [
    'no node passes',
    waiting({ reasons: { not_online: { count: 2, examples: ['n1'] } }, nodes: [open] }),
    'WAITS BECAUSE  NODES  SUCH AS\nnot_online     2      n1\n',
    'job-1: queued: not_online 2; it waits until 1970-01-01 00:01 UTC; muster jobs job-1 says what each node lacks',
  ],
])('a job that waits because %s says so', (_why, why, inFull, inShort) => {
  expect(jobText(view({ waiting: why }), 5000, ENGLISH)).toMatch(
    new RegExp(`\\nNo job is ahead of it; it waits until 1970-01-01 00:01 UTC\\.\\n${inFull}$`),
  );
  expect(progressText(view({ waiting: why }), 5000, ENGLISH)).toBe(inShort);
});

test('a job that waits says what each node lacks, and of a large pool not all', () => {
  const excluded: NonNullable<JobView['waiting']>['nodes'][number]['excluded'] = [
    { filter: 'resource_use', code: 'resource_threshold_exceeded', wanted: 25, found: 99 },
  ];
  const text = (count: number) => {
    const nodes = Array.from({ length: count }, (_, index) => ({ node_id: `n${String(index)}`, excluded }));
    return jobText(
      view({
        waiting: {
          since: 0,
          not_before: null,
          blocked_by: null,
          ahead: 1,
          reasons: { resource_threshold_exceeded: { count, examples: ['n0'] } },
          nodes_total: count,
          nodes,
        },
      }),
      0,
      ENGLISH,
    );
  };
  expect(text(1)).toContain(
    [
      '1 job is ahead of it; it waits until 1970-01-01 00:01 UTC.',
      'WAITS BECAUSE                NODES  SUCH AS',
      'resource_threshold_exceeded  1      n0',
      '',
      'NODE  LACKS                        WHY',
      'n0    resource_threshold_exceeded  wanted 25, found 99',
      '',
    ].join('\n'),
  );
  expect(text(23)).toMatch(/\nn19 .*\nand 3 more: --json has them all\n$/);
});

test.each<[string, unknown, string]>([
  ['nothing', null, 'bad_request: no'],
  ['only whether to try again', { retryable: false }, 'bad_request: no'],
  ['a parameter', { param: 'speed', retryable: false }, 'bad_request: no (parameter speed)'],
  ['something that has no words', { exit_code: 3, depth: 1 }, 'bad_request: no (exit code 3) {"depth":1}'],
  ['what a program wrote', { stderr_tail: 'x\n\u001b[2J\u009b' }, 'bad_request: no (it wrote "x\\n\\u001b[2J\\u009b")'],
])('a failure that knows %s says it', (_what, details, words) => {
  expect(failureText({ code: 'bad_request', message: 'no', details }, ENGLISH)).toBe(words);
});

test('a job that waited in vain says what kept the nodes out, as it did while it waited', () => {
  const reasons = { model_not_available: { count: 3, examples: ['n1', 'n2'] }, not_online: { count: 1, examples: ['n4'] } };
  const error = (details: object) => ({ code: 'queue_timeout', message: 'no node took it in time', details });
  expect(failureText(error({ queue_timeout_seconds: 60, reasons }), ENGLISH)).toBe(
    [
      'queue_timeout: no node took it in time (it may wait 60 s)',
      'WAITED BECAUSE       NODES  SUCH AS',
      'model_not_available  3      n1, n2',
      'not_online           1      n4',
    ].join('\n'),
  );
  expect(failureText(error({ reasons: {} }), ENGLISH)).toBe(
    'queue_timeout: no node took it in time\nNothing kept a node out: there was none, or the scheduler could not write to its disk.',
  );
  expect(failureText(error({ reasons: 'busy' }), ENGLISH)).toBe('queue_timeout: no node took it in time {"reasons":"busy"}');
});

test('a job that failed shows its attempts and the last error, made harmless', () => {
  const attempts: JobView['attempts'] = [
    { attempt: 1, node_id: 'n1', assigned_at: 0, started_at: 0, ended_at: 2000, outcome: 'failed', error: failed },
  ];
  expect(jobText(view({ status: 'failed', created_at: 0, attempts, error: failed }), 5000, ENGLISH)).toBe(
    [
      'job-1: failed, command with nmt-en-es, 1 bytes, 5 s old',
      '',
      'ATTEMPT  NODE  OUTCOME  TOOK  ERROR',
      '1        n1    failed   2 s   command_failed: exit code 1\\u001b[2J',
      '',
      'command_failed: exit code 1\\u001b[2J',
      '',
    ].join('\n'),
  );
});

describe('of a result', () => {
  test.each<[string, unknown, string | null]>([
    ['a chat', { status: 200, body: { choices: [{ message: { role: 'assistant', content: 'hi\nthere' } }] } }, 'hi\nthere'],
    ['a completion', { status: 200, body: { choices: [{ text: 'hi' }] } }, 'hi'],
    ['a command that wrote text', { content_type: 'text/plain', text: 'hola' }, 'hola'],
    [
      'a command that wrote bytes',
      { content_type: 'audio/wav', base64: 'AAAA' },
      '{\n  "content_type": "audio/wav",\n  "base64": "AAAA"\n}',
    ],
    [
      'one of several choices like the others',
      { status: 200, body: { choices: [{ text: 'a' }, { text: 'b' }] } },
      '{\n  "choices": [\n    {\n      "text": "a"\n    },\n    {\n      "text": "b"\n    }\n  ]\n}',
    ],
    ['a transcription', { status: 200, body: { text: '你好' } }, '你好'],
    ['embeddings', { status: 200, body: { data: [] } }, '{\n  "data": []\n}'],
    ['what was streamed', { status: 200, body: null }, 'The answer was streamed as it came, and is not kept.'],
    ['nothing', null, 'It gave nothing back.'],
    [
      'a refusal by the model’s program',
      { status: 400, body: { text: 'no' } },
      '{\n  "status": 400,\n  "body": {\n    "text": "no"\n  }\n}',
    ],
  ])('%s is printed', (_what, output, text) => {
    expect(resultText(view({ result: result(output) }))).toBe(text);
  });

  test.each<[string, unknown, string | null]>([
    ['an answer', { status: 200, body: { error: { message: 'no' } } }, null],
    ['nothing', null, null],
    [
      'OpenAI\u2019s shape',
      { status: 400, body: { error: { message: 'too long\u001b' } } },
      'the runtime refused the request with 400: too long\\u001b',
    ],
    ['a text', { status: 413, body: { error: 'too long' } }, 'the runtime refused the request with 413: too long'],
    ['a message', { status: 422, body: { message: 'no' } }, 'the runtime refused the request with 422: no'],
    ['something else', { status: 422, body: { detail: [] } }, 'the runtime refused the request with 422: {"detail":[]}'],
  ])('%s is a refusal, or none', (_what, output, text) => {
    const job = view({ status: 'succeeded', result: result(output) });
    expect([refusalText(job, ENGLISH), exitCodeOf(job)]).toEqual([text, text === null ? 0 : 1]);
  });

  test('nothing is printed without one', () => {
    expect(resultText(view())).toBeNull();
  });

  test.each<[string, unknown, string | null]>([
    ['a chat', { status: 200, body: { choices: [{ message: { content: 'hi' } }] } }, 'hi'],
    ['sound', { status: 200, content_type: 'audio/wav', base64: 'YWJj' }, 'abc'],
    ['a command that wrote bytes', { content_type: 'application/octet-stream', base64: 'YWJj' }, 'abc'],
    ['what was streamed: no words about it', { status: 200, body: null }, null],
    ['nothing', null, ''],
  ])('a file holds %s', (_what, output, bytes) => {
    expect(resultBytes(view({ result: result(output) }))?.toString() ?? null).toBe(bytes);
  });
});

test.each<[string, unknown, string]>([
  ['a chat', { choices: [{ index: 0, delta: { content: 'one' } }] }, 'one'],
  ['a completion', { choices: [{ index: 0, text: 'two' }] }, 'two'],
  ['a role alone', { choices: [{ index: 0, delta: { role: 'assistant' } }] }, ''],
  ['figures alone', { choices: [], usage: {} }, ''],
  ['nonsense', 7, ''],
])('the words of a chunk of %s', (_what, data, text) => {
  expect(chunkWords(data)).toBe(text);
});

test('a model steers no terminal', () => {
  expect(harmless('a\tb\n\u001b[2Jc\u009b')).toBe('a\tb\n\ufffd[2Jc\ufffd');
});

test.each<[JobStatus, string | null, number]>([
  ['succeeded', null, 0],
  ['failed', 'command_failed', 1],
  ['cancelled', 'cancelled', 1],
  ['expired', 'queue_timeout', 7],
  ['expired', 'total_timeout', 7],
  ['failed', 'attempt_timeout', 7],
  ['failed', 'timeout', 7],
])('%s with %s ends with %i', (status, code, exitCode) => {
  expect(exitCodeOf(view({ status, error: code === null ? null : { code, message: '', details: null } }))).toBe(exitCode);
});

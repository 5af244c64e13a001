// Jobs and results as text, and the exit code of a job that has ended.
import { aPredictedNode } from '../../support/predictions';
import { describe, expect, test } from 'vitest';
import type { JobError, JobStatus, JobView } from '../../../src/shared/api/job';
import {
  exitCodeOf,
  failureText,
  jobsText,
  jobText,
  printableLines,
  refusalText,
  resultBytes,
  resultText,
} from '../../../src/main/cli/job-text';
import { chunkText } from '../../../src/shared/api/job-content';
import { progressText } from '../../../src/main/cli/waiting-text';
import { MemoryJob } from '../../support/memory-jobs';
import { messageContextOf } from '../../../src/main/cli/core/message-context';

const ENGLISH = messageContextOf({});

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

test('job list: no jobs -> a sentence', () => {
  expect(jobsText([], 0)).toBe('There are no jobs.\n');
  expect(jobsText([], 0, 'queued')).toBe('There are no queued jobs.\n');
});

test('job list: one row for each job', () => {
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

test('waiting job: jobs ahead, predicted wait, queue deadline and counts per reason', () => {
  const reasons = { capacity_exceeded: { count: 2, examples: ['n1', 'n2'] } };
  const waiting = { since: 0, not_before: null, blocked_by: null, ahead: 4, wait_seconds: 11.2, reasons, nodes_total: 0, nodes: [] };
  expect(jobText(view({ created_at: 0, waiting }), 5000, ENGLISH)).toBe(
    [
      'job-1: queued, command with nmt-en-es, 1 bytes, 5 s old',
      '',
      '4 jobs ahead, predicted wait 12 s, queue deadline 1970-01-01 00:01 UTC.',
      'REASON             NODES  EXAMPLES',
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
const HELD = {
  reason: 'held_for_node' as const,
  node: aPredictedNode('gpu-1', { slot: 2, output: 3 }),
  best_free: aPredictedNode('n1', { output: 9 }),
  max_seconds: 30,
};

test.each<[string, NonNullable<JobView['waiting']>, string, string]>([
  [
    'no node is registered',
    waiting(),
    'No node has registered.\n',
    'job-1: queued: no node has registered; queue deadline 1970-01-01 00:01 UTC',
  ],
  ['other jobs are first', waiting({ nodes: [open] }), 'A node is available now.\n', 'job-1: queued: a node is available now'],
  [
    'the disk is full',
    waiting({ blocked_by: 'storage_full', nodes: [open] }),
    'The disk of the scheduler is full, and no job starts until the scheduler can write again.\n',
    'job-1: queued: the disk of the scheduler is full, and no job starts until the scheduler can write again',
  ],
  [
    'an attempt failed',
    waiting({ not_before: 6500, nodes: [open] }),
    'Retry in 2 s after a failed attempt.\n',
    'job-1: queued: retry in 2 s after a failed attempt',
  ],
  [
    'it is held for a full node',
    waiting({ nodes: [open], held: { ...HELD, until: 12_000 } }),
    'Waits for gpu-1: predicted 5.0 s there, 9.0 s on the free node n1; at most 7 s more\\.\n' +
      'Predicted seconds.*\nNODE .*\ngpu-1  2.0 .*\nn1     0 .*\n',
    'job-1: queued: waits for gpu-1: predicted 5.0 s there, 9.0 s on the free node n1; at most 7 s more',
  ],
  [
    'no node passes',
    waiting({ reasons: { not_online: { count: 2, examples: ['n1'] } }, nodes: [open] }),
    'REASON      NODES  EXAMPLES\nnot_online  2      n1\n',
    'job-1: queued: not_online 2; queue deadline 1970-01-01 00:01 UTC; details: muster jobs job-1',
  ],
])('waiting job: %s', (_title, waitingView, inFull, inShort) => {
  expect(jobText(view({ waiting: waitingView }), 5000, ENGLISH)).toMatch(
    new RegExp(`\\nNo job ahead, queue deadline 1970-01-01 00:01 UTC\\.\\n${inFull}$`),
  );
  expect(progressText(view({ waiting: waitingView }), 5000, ENGLISH)).toBe(inShort);
});

test('attempts with predictions -> why the node of the last one was chosen; of an earlier version -> nothing', () => {
  const attempt = { attempt: 1, node_id: 'n1', assigned_at: 0, started_at: null, ended_at: null, outcome: null, error: null };
  expect(jobText(view({ status: 'assigned', attempts: [attempt] }), 0, ENGLISH)).not.toContain('Why');
  const nodes = [aPredictedNode('n1', { output: 4 })];
  const chosen = { ...attempt, attempt: 2, prediction: { route: 'predicted' as const, nodes } };
  expect(jobText(view({ status: 'assigned', attempts: [attempt, chosen] }), 0, ENGLISH)).toMatch(
    /\nWhy this node: should finish first\.\nPredicted seconds.*\nNODE .*\nn1 .* 4\.0 .*\n/,
  );
});

test('waiting job: a row for each exclusion, at most 20 rows', () => {
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
      '1 job ahead, queue deadline 1970-01-01 00:01 UTC.',
      'REASON                       NODES  EXAMPLES',
      'resource_threshold_exceeded  1      n0',
      '',
      'NODE  REASON                       DETAIL',
      'n0    resource_threshold_exceeded  wanted 25, found 99',
      '',
    ].join('\n'),
  );
  expect(text(23)).toMatch(/\nn19 .*\n3 more rows\. --json prints all\.\n$/);
});

test.each<[string, unknown, string]>([
  ['no details', null, 'bad_request: no'],
  ['only the retryable flag', { retryable: false }, 'bad_request: no'],
  ['a parameter', { param: 'speed', retryable: false }, 'bad_request: no (parameter speed)'],
  ['an unknown detail', { exit_code: 3, depth: 1 }, 'bad_request: no (exit code 3) {"depth":1}'],
  ['output of the program', { stderr_tail: 'x\n\u001b[2J\u009b' }, 'bad_request: no (stderr "x\\n\\u001b[2J\\u009b")'],
])('failure: %s', (_title, details, text) => {
  expect(failureText({ code: 'bad_request', message: 'no', details }, ENGLISH)).toBe(text);
});

test('queue timeout: counts per reason at the deadline', () => {
  const reasons = { model_not_available: { count: 3, examples: ['n1', 'n2'] }, not_online: { count: 1, examples: ['n4'] } };
  const error = (details: object) => ({ code: 'queue_timeout', message: 'no node took it in time', details });
  expect(failureText(error({ queue_timeout_seconds: 60, reasons }), ENGLISH)).toBe(
    [
      'queue_timeout: timed out in the queue (queue timeout 60 s)',
      'REASON               NODES  EXAMPLES',
      'model_not_available  3      n1, n2',
      'not_online           1      n4',
    ].join('\n'),
  );
  expect(failureText(error({ reasons: {} }), ENGLISH)).toBe(
    'queue_timeout: timed out in the queue\nNo node was excluded: no node was registered, or the disk of the scheduler was full.',
  );
  expect(failureText(error({ reasons: 'busy' }), ENGLISH)).toBe('queue_timeout: timed out in the queue {"reasons":"busy"}');
});

test('failed job: attempts and last error, control characters escaped', () => {
  const attempts: JobView['attempts'] = [
    { attempt: 1, node_id: 'n1', assigned_at: 0, started_at: 0, ended_at: 2000, outcome: 'failed', error: failed },
  ];
  expect(jobText(view({ status: 'failed', created_at: 0, attempts, error: failed }), 5000, ENGLISH)).toBe(
    [
      'job-1: failed, command with nmt-en-es, 1 bytes, 5 s old',
      '',
      'ATTEMPT  NODE  OUTCOME  TOOK   ERROR',
      '1        n1    failed   2.0 s  command_failed: exit code 1\\u001b[2J',
      '',
      'command_failed: exit code 1\\u001b[2J',
      '',
    ].join('\n'),
  );
});

describe('result', () => {
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
      'several choices',
      { status: 200, body: { choices: [{ text: 'a' }, { text: 'b' }] } },
      '{\n  "choices": [\n    {\n      "text": "a"\n    },\n    {\n      "text": "b"\n    }\n  ]\n}',
    ],
    ['a transcription', { status: 200, body: { text: '你好' } }, '你好'],
    ['embeddings', { status: 200, body: { data: [] } }, '{\n  "data": []\n}'],
    ['a stream', { status: 200, body: null }, 'The answer was sent to the client and was not stored.'],
    ['no output', null, 'No output.'],
    ['an error answer of the runtime', { status: 400, body: { text: 'no' } }, '{\n  "status": 400,\n  "body": {\n    "text": "no"\n  }\n}'],
  ])('printed: %s', (_title, output, text) => {
    expect(resultText(view({ result: result(output) }))).toBe(text);
  });

  test.each<[string, unknown, string | null]>([
    ['an answer', { status: 200, body: { error: { message: 'no' } } }, null],
    ['no output', null, null],
    [
      'an error object as in the OpenAI API',
      { status: 400, body: { error: { message: 'too long\u001b' } } },
      'the model server rejected the request with status 400: too long\\u001b',
    ],
    ['a text', { status: 413, body: { error: 'too long' } }, 'the model server rejected the request with status 413: too long'],
    ['a message', { status: 422, body: { message: 'no' } }, 'the model server rejected the request with status 422: no'],
    ['an unknown body', { status: 422, body: { detail: [] } }, 'the model server rejected the request with status 422: {"detail":[]}'],
  ])('rejected request: %s', (_title, output, text) => {
    const job = view({ status: 'succeeded', result: result(output) });
    expect([refusalText(job, ENGLISH), exitCodeOf(job)]).toEqual([text, text === null ? 0 : 1]);
  });

  test('printed: no result -> null', () => {
    expect(resultText(view())).toBeNull();
  });

  test.each<[string, unknown, string | null]>([
    ['a chat', { status: 200, body: { choices: [{ message: { content: 'hi' } }] } }, 'hi'],
    ['audio', { status: 200, content_type: 'audio/wav', base64: 'YWJj' }, 'abc'],
    ['a command that wrote bytes', { content_type: 'application/octet-stream', base64: 'YWJj' }, 'abc'],
    ['a stream: not stored', { status: 200, body: null }, null],
    ['no output', null, ''],
  ])('content of the output file: %s', (_title, output, bytes) => {
    expect(resultBytes(view({ result: result(output) }))?.toString() ?? null).toBe(bytes);
  });
});

test.each<[string, unknown, string]>([
  ['a chat', { choices: [{ index: 0, delta: { content: 'one' } }] }, 'one'],
  ['a completion', { choices: [{ index: 0, text: 'two' }] }, 'two'],
  ['a role alone', { choices: [{ index: 0, delta: { role: 'assistant' } }] }, ''],
  ['usage alone', { choices: [], usage: {} }, ''],
  ['an unknown chunk', 7, ''],
])('text of a chunk: %s', (_title, data, text) => {
  expect(chunkText(data)).toBe(text);
});

test('text of a model: control characters -> replaced', () => {
  expect(printableLines('a\tb\n\u001b[2Jc\u009b')).toBe('a\tb\n\ufffd[2Jc\ufffd');
});

test.each<[JobStatus, string | null, number]>([
  ['succeeded', null, 0],
  ['failed', 'command_failed', 1],
  ['cancelled', 'cancelled', 1],
  ['expired', 'queue_timeout', 7],
  ['expired', 'total_timeout', 7],
  ['failed', 'attempt_timeout', 7],
  ['failed', 'timeout', 7],
])('exit code: %s with %s -> %i', (status, code, exitCode) => {
  expect(exitCodeOf(view({ status, error: code === null ? null : { code, message: '', details: null } }))).toBe(exitCode);
});

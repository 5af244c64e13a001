import { describe, expect, test } from 'vitest';
import { appJobContentOf, appJobOf, appJobsOf } from '../../../../src/main/app-api/core/job-views';
import { appJobContentSchema, appJobSchema, appJobsSchema, MAX_TEXT_SHOWN } from '../../../../src/shared/api/app-job';
import type { JobError } from '../../../../src/shared/api/job';
import { jobView, succeededJob } from '../../../support/job-views';

const chat = (content: string) => ({ status: 200, body: { choices: [{ index: 0, message: { role: 'assistant', content } }] } });
const TWO = { choices: [{ text: 'a' }, { text: 'b' }] };
const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

describe('job result: only facts in the job view, content in its own operation', () => {
  test.each<[string, unknown, object, object]>([
    ['a chat', chat('hello'), { kind: 'text', characters: 5 }, { kind: 'text', text: 'hello', characters: 5 }],
    [
      'a completion',
      { status: 200, body: { choices: [{ text: 'go on' }] } },
      { kind: 'text', characters: 5 },
      { kind: 'text', text: 'go on', characters: 5 },
    ],
    [
      'a transcription',
      { status: 200, body: { text: '你好' } },
      { kind: 'text', characters: 2 },
      { kind: 'text', text: '你好', characters: 2 },
    ],
    [
      'several choices, all as JSON',
      { status: 200, body: TWO },
      { kind: 'text', characters: pretty(TWO).length },
      { kind: 'text', text: pretty(TWO), characters: pretty(TWO).length },
    ],
    [
      'text of a command',
      { content_type: 'text/plain', text: 'hola' },
      { kind: 'text', characters: 4 },
      { kind: 'text', text: 'hola', characters: 4 },
    ],
    [
      'audio',
      { status: 200, content_type: 'audio/wav', base64: 'AAAAAA==' },
      { kind: 'binary', content_type: 'audio/wav', bytes: 4 },
      { kind: 'binary', content_type: 'audio/wav', base64: 'AAAAAA==' },
    ],
    ['a stream', { status: 200, body: null }, { kind: 'not_stored' }, { kind: 'not_stored' }],
    ['no output', null, { kind: 'none' }, { kind: 'none' }],
    ['an unknown output', { odd: 1 }, { kind: 'text', characters: 14 }, { kind: 'text', text: pretty({ odd: 1 }), characters: 14 }],
  ])('%s', (_what, output, facts, content) => {
    const job = appJobOf(succeededJob(output));
    expect(job.result?.content).toEqual(facts);
    expect(appJobContentOf(succeededJob(output))).toEqual({ content, program_output: null });
    expect(appJobSchema.safeParse(job).success).toBe(true);
  });

  test('job result: rejected request -> HTTP status kept', () => {
    const body = { error: { message: 'too long' } };
    const refused = appJobOf(succeededJob({ status: 400, body }));
    expect(refused.result).toEqual({ processing_time_ms: 5, http_status: 400, content: { kind: 'text', characters: pretty(body).length } });
  });

  test('job content: long text -> cut between characters, with the complete length', () => {
    const text = `${'x'.repeat(MAX_TEXT_SHOWN - 1)}😀 and more`;
    const shown = appJobContentOf(succeededJob(chat(text)));
    expect(shown.content).toEqual({ kind: 'text', text: 'x'.repeat(MAX_TEXT_SHOWN - 1), characters: text.length });
    expect(appJobContentSchema.safeParse(shown).success).toBe(true);
  });
});

describe('job error', () => {
  const error: JobError = {
    code: 'runtime_http_500',
    message: 'the model server answered with HTTP status 500',
    details: { status: 500, retryable: true, nested: { a: 1 }, reason: 'r'.repeat(999), runtime_message: 'cannot do "my secret prompt"' },
  };

  test('job error: details shown, output of the program left out', () => {
    const failed = jobView({ status: 'failed', error });
    const shown = {
      code: error.code,
      message: error.message,
      details: { status: 500, retryable: true, reason: 'r'.repeat(256) },
      reasons: null,
    };
    expect(appJobsOf({ jobs: [failed], next_cursor: null, open: { queued: 0, assigned: 0, running: 0 } }).jobs[0]?.error).toEqual(shown);
    expect(appJobOf(failed)).toMatchObject({ error: shown, has_program_output: true });
    expect(JSON.stringify(appJobOf(failed))).not.toContain('secret');
    expect(appJobContentOf(failed)).toEqual({ content: { kind: 'none' }, program_output: 'cannot do "my secret prompt"' });
  });

  test.each([
    ['runtime_http_500', 'CUDA error: out of memory\n  current device: 0', 'out_of_memory'],
    ['runtime_http_500', 'model requires more system memory (9.1 GiB) than is available (4.0 GiB)', 'out_of_memory'],
    ['runtime_stream_error', 'vk::Device::allocateMemory: ErrorOutOfDeviceMemory', 'out_of_memory'],
    ['command_failed', 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB', 'out_of_memory'],
    ['runtime_http_500', 'failed to open the model', undefined],
    ['runtime_http_400', 'the prompt "out of memory" is too long', undefined],
  ])('%s, %s -> cause %s', (code, output, cause) => {
    const failed = jobView({ status: 'failed', error: { ...error, code, details: { runtime_message: output } } });
    expect(appJobOf(failed).error?.cause).toBe(cause);
  });

  const reasons = { model_not_available: { count: 3, examples: ['node-A', 'node-B'] } };
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`reason_${String(index)}`, { count: 1, examples: [] }]));
  test.each([
    ['counted by the scheduler', reasons, reasons],
    ['absent -> null', undefined, null],
    ['not an object -> null', 'busy', null],
    ['one invalid count -> null', { ...reasons, gpu_unavailable: 'two' }, null],
    ['a code that is too long -> left out', { ...reasons, ['x'.repeat(129)]: { count: 1, examples: [] } }, reasons],
    ['very many -> the first 16', many, Object.fromEntries(Object.entries(many).slice(0, 16))],
  ])('job error: reasons of a queue timeout: %s', (_title, counted, shown) => {
    const details = { queue_timeout_seconds: 60, ...(counted === undefined ? {} : { reasons: counted }) };
    const job = appJobOf(jobView({ status: 'expired', error: { code: 'queue_timeout', message: 'm', details } }));
    const short = typeof counted === 'string' ? { reasons: counted } : {};
    expect(job.error).toEqual({ code: 'queue_timeout', message: 'm', details: { queue_timeout_seconds: 60, ...short }, reasons: shown });
    expect(appJobSchema.safeParse(job).success).toBe(true);
  });

  test('job error: of any size -> within the limits of the dashboard', () => {
    const huge: JobError = {
      code: 'c'.repeat(5000),
      message: 'm'.repeat(5000),
      details: Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key${String(index)}`, 'v'.repeat(5000)])),
    };
    const attempt = {
      attempt: 1,
      node_id: 'node-A',
      assigned_at: 1,
      started_at: null,
      ended_at: 2,
      outcome: 'failed' as const,
      error: huge,
    };
    const job = appJobOf(
      jobView({ status: 'failed', error: huge, attempts: Array.from({ length: 200 }, (_, i) => ({ ...attempt, attempt: i + 1 })) }),
    );
    expect(appJobSchema.safeParse(job).success).toBe(true);
    expect(JSON.stringify(job.error).length).toBeLessThan(8000);
    expect(job.attempts.map((each) => each.attempt)).toEqual(Array.from({ length: 64 }, (_, i) => i + 137));
  });
});

test('waiting job: the first nodes are shown, with the number of all', () => {
  const nodes = Array.from({ length: 1000 }, (_, index) => ({ node_id: `node-${String(index)}`, excluded: [] }));
  const job = appJobOf(
    jobView({ waiting: { since: 1, not_before: null, blocked_by: null, ahead: 3, reasons: {}, nodes_total: 2000, nodes } }),
  );
  expect(job.waiting).toMatchObject({ ahead: 3, nodes_total: 2000 });
  expect(job.waiting?.nodes).toHaveLength(10);
  expect(appJobSchema.safeParse(job).success).toBe(true);
});

test('job list: valid by the schema of the dashboard', () => {
  const page = appJobsOf({ jobs: [jobView()], next_cursor: '7', open: { queued: 1, assigned: 0, running: 0 } });
  expect(appJobsSchema.parse(page)).toMatchObject({ jobs: [{ job_id: 'job-1' }], next_cursor: '7', open: { queued: 1 } });
});

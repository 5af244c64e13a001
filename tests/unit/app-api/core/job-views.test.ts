import { describe, expect, test } from 'vitest';
import { appJobContentOf, appJobOf, appJobsOf } from '../../../../src/main/app-api/core/job-views';
import { appJobContentSchema, appJobSchema, appJobsSchema, MAX_TEXT_SHOWN } from '../../../../src/shared/api/app-job';
import type { JobError } from '../../../../src/shared/api/job';
import { jobView, succeededJob } from '../../../support/job-views';

const chat = (content: string) => ({ status: 200, body: { choices: [{ index: 0, message: { role: 'assistant', content } }] } });
const TWO = { choices: [{ text: 'a' }, { text: 'b' }] };
const pretty = (value: unknown): string => JSON.stringify(value, null, 2);

describe('what came of a job is told without it, and given to who asks', () => {
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
      'sound',
      { status: 200, content_type: 'audio/wav', base64: 'AAAAAA==' },
      { kind: 'binary', content_type: 'audio/wav', bytes: 4 },
      { kind: 'binary', content_type: 'audio/wav', base64: 'AAAAAA==' },
    ],
    ['what was streamed', { status: 200, body: null }, { kind: 'streamed' }, { kind: 'streamed' }],
    ['nothing', null, { kind: 'none' }, { kind: 'none' }],
    [
      'something that nobody knows',
      { odd: 1 },
      { kind: 'text', characters: 14 },
      { kind: 'text', text: pretty({ odd: 1 }), characters: 14 },
    ],
  ])('%s', (_what, output, facts, content) => {
    const job = appJobOf(succeededJob(output));
    expect(job.result?.content).toEqual(facts);
    expect(appJobContentOf(succeededJob(output))).toEqual({ content, program_output: null });
    expect(appJobSchema.safeParse(job).success).toBe(true);
  });

  test('a refusal of the runtime keeps its HTTP status', () => {
    const body = { error: { message: 'too long' } };
    const refused = appJobOf(succeededJob({ status: 400, body }));
    expect(refused.result).toEqual({ processing_time_ms: 5, http_status: 400, content: { kind: 'text', characters: pretty(body).length } });
  });

  test('a long text is cut, not in the middle of a character, and its whole length said', () => {
    const text = `${'x'.repeat(MAX_TEXT_SHOWN - 1)}😀 and more`;
    const shown = appJobContentOf(succeededJob(chat(text)));
    expect(shown.content).toEqual({ kind: 'text', text: 'x'.repeat(MAX_TEXT_SHOWN - 1), characters: text.length });
    expect(appJobContentSchema.safeParse(shown).success).toBe(true);
  });
});

describe('an error', () => {
  const error: JobError = {
    code: 'runtime_http_500',
    message: 'the runtime answered with HTTP status 500',
    details: { status: 500, retryable: true, nested: { a: 1 }, reason: 'r'.repeat(999), runtime_message: 'cannot do "my secret prompt"' },
  };

  test('is shown with its numbers and short words, but without what the program said, which is content', () => {
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

  const reasons = { model_not_available: { count: 3, examples: ['node-A', 'node-B'] } };
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`reason_${String(index)}`, { count: 1, examples: [] }]));
  test.each([
    ['as the scheduler counted them', reasons, reasons],
    ['none where none were counted', undefined, null],
    ['none where they are something else', 'busy', null],
    ['none where one of them is something else', { ...reasons, gpu_unavailable: 'two' }, null],
    ['without a code that is no code', { ...reasons, ['x'.repeat(129)]: { count: 1, examples: [] } }, reasons],
    ['the first of very many', many, Object.fromEntries(Object.entries(many).slice(0, 16))],
  ])('of a job that waited in vain has its reasons: %s', (_title, counted, shown) => {
    const details = { queue_timeout_seconds: 60, ...(counted === undefined ? {} : { reasons: counted }) };
    const job = appJobOf(jobView({ status: 'expired', error: { code: 'queue_timeout', message: 'm', details } }));
    const short = typeof counted === 'string' ? { reasons: counted } : {};
    expect(job.error).toEqual({ code: 'queue_timeout', message: 'm', details: { queue_timeout_seconds: 60, ...short }, reasons: shown });
    expect(appJobSchema.safeParse(job).success).toBe(true);
  });

  test('of a foreign node fits into what the dashboard takes, whatever its size', () => {
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
    const job = appJobOf(jobView({ status: 'failed', error: huge, attempts: Array.from({ length: 200 }, () => attempt) }));
    expect(appJobSchema.safeParse(job).success).toBe(true);
    expect(JSON.stringify(job.error).length).toBeLessThan(8000);
    expect(job.attempts).toHaveLength(64);
  });
});

test('of the nodes that a job waits for the first are shown, and how many there are', () => {
  const nodes = Array.from({ length: 1000 }, (_, index) => ({ node_id: `node-${String(index)}`, excluded: [] }));
  const job = appJobOf(
    jobView({ waiting: { since: 1, not_before: null, blocked_by: null, ahead: 3, reasons: {}, nodes_total: 2000, nodes } }),
  );
  expect(job.waiting).toMatchObject({ ahead: 3, nodes_total: 2000 });
  expect(job.waiting?.nodes).toHaveLength(50);
  expect(appJobSchema.safeParse(job).success).toBe(true);
});

test('a page of jobs is what the schema of the dashboard takes', () => {
  const page = appJobsOf({ jobs: [jobView()], next_cursor: '7', open: { queued: 1, assigned: 0, running: 0 } });
  expect(appJobsSchema.parse(page)).toMatchObject({ jobs: [{ job_id: 'job-1' }], next_cursor: '7', open: { queued: 1 } });
});

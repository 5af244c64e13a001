// The facts of a submission: defaults, limits in milliseconds, normalized requirements.
import { describe, expect, it } from 'vitest';
import { type JobSubmissionInput, jobSubmissionSchema } from '../../../../../src/shared/api/job';
import { factsOf } from '../../../../../src/main/scheduler/jobs/machine/submission';
import { chatTask } from '../../../../support/job-pool';

const IDENTITY = { jobId: 'job-1', seq: 7, traceId: 'trace', interactive: false, payloadBytes: 12, submitter: null };
const DEFAULTS = { timeoutMs: 300_000, queueTimeoutMs: 60_000, busyTimeoutMs: 8000 };
const facts = (change: Partial<JobSubmissionInput> = {}) =>
  factsOf(jobSubmissionSchema.parse({ task: chatTask(), ...change }), IDENTITY, DEFAULTS);

describe('submission', () => {
  it('only a task -> defaults', () => {
    expect(facts()).toEqual({
      jobId: 'job-1',
      seq: 7,
      task: { kind: 'openai', path: '/v1/chat/completions', model: 'llm-a', payloadBytes: 12 },
      requirements: {
        requiredModels: ['llm-a'],
        requiredTask: { modelId: 'llm-a', task: '/v1/chat/completions' },
        public: true,
      },
      priority: 0,
      maxAttempts: 3,
      timeoutMs: 300_000,
      queueTimeoutMs: 60_000,
      confirmationTimeoutMs: 60_000,
      totalTimeoutMs: null,
      interactive: false,
      streams: false,
      traceId: 'trace',
      submitter: null,
    });
  });

  it('command -> requires its model and the task kind', () => {
    expect(facts({ task: { kind: 'command', model_id: 'eng-spa', input: 'x' } })).toMatchObject({
      task: { kind: 'command', path: null, model: 'eng-spa' },
      requirements: { requiredModels: ['eng-spa'], requiredTask: { modelId: 'eng-spa', task: 'command' } },
    });
  });

  it('interactive -> waits for the confirmation of an error at most the busy timeout', () => {
    const submission = jobSubmissionSchema.parse({ task: chatTask() });
    const timeout = (busyTimeoutMs: number) =>
      factsOf(submission, { ...IDENTITY, interactive: true }, { ...DEFAULTS, busyTimeoutMs }).confirmationTimeoutMs;
    expect([timeout(8000), timeout(3_600_000)]).toEqual([8000, 60_000]);
  });

  it('own limits -> in milliseconds', () => {
    const limits = { timeout_seconds: 1.5, queue_timeout_seconds: 2, total_timeout_seconds: 0.25, max_attempts: 5, priority: -3 };
    expect(facts(limits)).toMatchObject({ timeoutMs: 1500, queueTimeoutMs: 2000, totalTimeoutMs: 250, maxAttempts: 5, priority: -3 });
  });
});

describe('submission: requirements', () => {
  it.each<[string, Partial<JobSubmissionInput>, Partial<JobSubmissionInput>]>([
    ['models in another order', { required_models: ['b', 'c'] }, { required_models: ['c', 'b'] }],
    ['a duplicate model, or the model of the task', { required_models: ['b', 'llm-a', 'b'] }, { required_models: ['b'] }],
    ['empty and absent kinds', { required_kinds: [] }, {}],
    ['empty and absent features', { required_features: [] }, {}],
    [
      'features in another order, or twice',
      { required_features: ['voice_style_detection', 'emotion_detection', 'emotion_detection'] },
      { required_features: ['emotion_detection', 'voice_style_detection'] },
    ],
    ['public, explicit or by default', { public: true }, {}],
    ['another message', { task: chatTask('good night') }, {}],
    ['other limits', { timeout_seconds: 5, max_attempts: 1, priority: 9 }, {}],
  ])('same needs -> equal JSON: %s', (_what, one, other) => {
    expect(JSON.stringify(facts(one).requirements)).toBe(JSON.stringify(facts(other).requirements));
  });

  it.each<[string, Partial<JobSubmissionInput>]>([
    ['another model', { task: chatTask('hello', 'llm-b') }],
    ['one model more', { required_models: ['b'] }],
    ['another path', { task: { kind: 'openai', path: '/v1/completions', body: { model: 'llm-a', prompt: 'x' } } }],
    ['a kind', { required_kinds: [{ kind: 'llm' }] }],
    ['a feature', { required_features: ['emotion_detection'] }],
    ['not public', { public: false }],
    ['one node', { node_id: 'node-1' }],
    ['memory', { min_gpu_memory_gb: 8 }],
  ])('other needs -> different JSON: %s', (_what, change) => {
    expect(JSON.stringify(facts(change).requirements)).not.toBe(JSON.stringify(facts().requirements));
  });
});

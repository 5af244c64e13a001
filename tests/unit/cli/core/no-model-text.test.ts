// The message for a job that no node of the pool can run.
import { expect, test } from 'vitest';
import { noModelText } from '../../../../src/main/cli/core/no-model-text';
import { progressText } from '../../../../src/main/cli/waiting-text';
import type { Exclusion } from '../../../../src/shared/api/dispatch';
import type { JobView } from '../../../../src/shared/api/job';
import { MemoryJob } from '../../../support/memory-jobs';
import { messageContextOf } from '../../../../src/main/cli/core/message-context';

const chat = { kind: 'openai' as const, path: '/v1/chat/completions' as const, body: { model: 'eng-spa' } };
const command = { kind: 'command' as const, model_id: 'eng-spa', input: 'x' };

const jobOn = (nodes: readonly (readonly Exclusion[])[], task: typeof chat | typeof command = chat): JobView => {
  const submission = { required_models: [], public: true, task, wait_for_node: true, max_attempts: 3, priority: 0 };
  const waiting = {
    since: 0,
    not_before: null,
    blocked_by: null,
    ahead: 0,
    reasons: { model_not_available: { count: nodes.length, examples: ['n0'] } },
    nodes_total: nodes.length,
    nodes: nodes.map((excluded, index) => ({ node_id: `n${String(index)}`, excluded: [...excluded] })),
  };
  return { ...new MemoryJob('job-1', submission, { idempotencyKey: null, interactive: false, traceId: null }).view, waiting };
};
const stateOf = (state: string): Exclusion => ({
  filter: 'models',
  code: 'model_not_available',
  wanted: { models: ['eng-spa'], kinds: [], features: [] },
  found: { models: { 'eng-spa': state }, kinds: [], features: {} },
});
const takes = (...tasks: string[]): Exclusion => ({
  filter: 'models',
  code: 'model_not_available',
  wanted: { models: [], kinds: [], features: [], task: { model_id: 'eng-spa', task: 'any' } },
  found: { models: {}, kinds: [], features: {}, tasks },
});
const offline: Exclusion = { filter: 'online', code: 'not_online', wanted: true, found: false };

test.each<[string, JobView, readonly string[], string | null]>([
  ['no node has the model', jobOn([[stateOf('not_installed')]]), [], 'no node has eng-spa'],
  [
    'no node has the model and one is similar',
    jobOn([[offline, stateOf('not_installed')]]),
    ['llm', 'eng-spaa'],
    'no node has eng-spa, did you mean eng-spaa?',
  ],
  [
    'the model takes commands, and the job is a chat',
    jobOn([[takes('command')], [stateOf('not_installed')]]),
    [],
    'eng-spa supports command: use --task command',
  ],
  [
    'the model takes chats, and the job is a command',
    jobOn([[takes('/v1/chat/completions')]], command),
    [],
    'eng-spa supports chat: use --task chat',
  ],
  ['the model takes neither', jobOn([[takes('/v1/embeddings')]]), [], 'eng-spa supports embeddings, not chat'],
  ['the model takes no tasks', jobOn([[takes()]]), [], 'eng-spa supports no task'],
  ['a node is downloading the model', jobOn([[stateOf('downloading')], [stateOf('not_installed')]]), [], null],
  ['a node may have the model, but is not connected', jobOn([[offline], [takes('command')]]), [], null],
  ['there is no node', jobOn([]), [], null],
])('no model: %s', (_title, job, known, text) => {
  expect(noModelText(job, known)).toBe(text);
});

test('no model: some nodes are not shown -> no sentence, since they may have the model', () => {
  const job = jobOn([[stateOf('not_installed')]]);
  expect(noModelText({ ...job, waiting: job.waiting && { ...job.waiting, nodes_total: 2 } }, [])).toBeNull();
});

test('waiting job: busy nodes -> one node with its load, and the queue deadline', () => {
  const busy: Exclusion = {
    filter: 'resource_use',
    code: 'resource_threshold_exceeded',
    wanted: {
      cpu_percent_below: 25,
      gpu_percent_below: 25,
      mem_percent_below: 90,
      set_by: { cpu: 'scheduler', gpu: 'default', mem: 'default' },
    },
    found: { cpu_percent: 99.8 },
  };
  const job = jobOn([[busy], [busy]]);
  const reasons = { resource_threshold_exceeded: { count: 2, examples: ['n0', 'n1'] } };
  const waiting = job.waiting === null ? null : { ...job.waiting, reasons };
  expect(progressText({ ...job, waiting }, 0, messageContextOf({}))).toBe(
    'job-1: queued: n0 and 1 more: its owner uses 100 % of the CPU, limit 25 % (set by an operator, who can change scheduler.load_balancer.cpu_threshold); ' +
      'queue deadline 1970-01-01 00:01 UTC; details: muster jobs job-1',
  );
});

test('the name is listed, as an alias is -> no suggestion of the same name', () => {
  expect(noModelText(jobOn([[stateOf('not_installed')]]), ['eng-spa'])).toBe('no node has eng-spa');
});

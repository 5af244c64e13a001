// Failed submissions and jobs as errors of the OpenAI API: status, code, param and Retry-After.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Exclusion, Explanation } from '../../../../../../src/shared/api/dispatch';
import type { JobError, JobStatus, JobView } from '../../../../../../src/shared/api/job';
import { EXCLUSION_REASONS } from '../../../../../../src/shared/protocol/status';
import { unknownModel } from '../../../../../../src/main/scheduler/api/client-apis/run-job';
import type { SubmitFailure } from '../../../../../../src/main/scheduler/jobs/jobs-port';
import { jobFailure, submitFailure } from '../../../../../../src/main/scheduler/api/openai/core/job-failure';
import {
  failureHeaders,
  openAiBody,
  type OpenAiFailure,
  POOL_ERRORS,
  type PoolErrorCode,
  poolFailure,
  serverFailure,
} from '../../../../../../src/main/scheduler/api/openai/core/openai-error';
import { BREAK_REASONS } from '../../../../../../src/main/scheduler/api/openai/core/response-state';
import { MemoryJob } from '../../../../../support/memory-jobs';

const task = { kind: 'openai' as const, path: '/v1/chat/completions' as const, body: { model: 'm' } };
const submission = { required_models: [], public: true, task, wait_for_node: true, max_attempts: 3, priority: 0 };
const { view } = new MemoryJob('job-1', submission, { idempotencyKey: null, interactive: true, traceId: null });
const ended = (status: JobStatus, error: Partial<JobError> | null): JobView => ({
  ...view,
  status,
  attempt: 3,
  error: error === null ? null : { code: 'x', message: 'gone', details: null, ...error },
});
const node = (nodeId: string, ...codes: Exclusion['code'][]) => ({
  node_id: nodeId,
  excluded: codes.map((code) => ({ filter: 'f', code, wanted: 1, found: 0 })),
});
/** The explanation of a scheduler with these nodes; a node limit keeps the first ones. */
const explaining =
  (nodes: Explanation['nodes']) =>
  (nodeLimit: number): Explanation => ({
    chosen: nodes.find(({ excluded }) => excluded.length === 0)?.node_id ?? null,
    nodes_total: nodes.length,
    reasons: tallyOf(nodes),
    nodes: nodes.slice(0, nodeLimit),
  });
function tallyOf(nodes: Explanation['nodes']): Explanation['reasons'] {
  const tally: Explanation['reasons'] = {};
  for (const { node_id: nodeId, excluded } of nodes) {
    const code = excluded[0]?.code;
    if (code === undefined) continue;
    const reason = (tally[code] ??= { count: 0, examples: [] });
    reason.count++;
    reason.examples.push(nodeId);
  }
  return tally;
}
const facts = (failure: OpenAiFailure) => [failure.status, failure.error.code, failureHeaders(failure)];
const FINAL = { 'x-should-retry': 'false' };

describe('queue timeout', () => {
  it.each([
    ['no node has registered', [], 503, 'model_not_ready', '15'],
    ['no node has the model ready', [node('a', 'model_not_available'), node('b', 'status_not_ready')], 503, 'model_not_ready', '15'],
    ['the node is not connected', [node('a', 'not_online', 'capacity_exceeded')], 503, 'model_not_ready', '15'],
    ['one node is full', [node('a', 'capacity_exceeded'), node('b', 'model_not_available')], 429, 'pool_full', null],
    ['the owner of a full node uses it', [node('a', 'capacity_exceeded', 'resource_threshold_exceeded')], 429, 'pool_full', null],
    [
      'one node is full, one is used by its owner',
      [node('a', 'capacity_exceeded'), node('b', 'resource_threshold_exceeded')],
      429,
      'pool_full',
      null,
    ],
    ['the model does not fit now', [node('a', 'vram_insufficient')], 429, 'pool_full', null],
    ['the owners use all nodes', [node('a', 'resource_threshold_exceeded'), node('b', 'not_online')], 429, 'pool_busy', null],
    ['one node is a candidate', [node('a')], 429, 'pool_full', null],
    ['the model fails on its only node', [node('a', 'model_failing', 'capacity_exceeded')], 503, 'model_failing', '30'],
    ['the model fails on one node, another is full', [node('a', 'model_failing'), node('b', 'capacity_exceeded')], 429, 'pool_full', null],
    [
      'the model fails on one node, the owner uses another',
      [node('a', 'model_failing'), node('b', 'resource_threshold_exceeded')],
      429,
      'pool_busy',
      null,
    ],
    ['the nodes are not in the public pool', [node('a', 'not_in_public_pool')], 503, 'no_available_node', '15'],
    [
      'the nodes are full and not in the public pool',
      [node('a', 'not_in_public_pool', 'capacity_exceeded')],
      503,
      'no_available_node',
      '15',
    ],
  ])('%s', (_why, nodes, status, code, retryAfter) => {
    const failure = jobFailure(ended('expired', { code: 'queue_timeout' }), explaining(nodes));
    expect(facts(failure)).toEqual([status, code, retryAfter === null ? FINAL : { 'retry-after': retryAfter, ...FINAL }]);
  });

  it('counts per reason are passed on unchanged', () => {
    const failure = jobFailure(
      ended('expired', null),
      explaining([node('f', 'not_online', 'capacity_exceeded'), node('g', 'gpu_unavailable')]),
    );
    expect(failure.error.muster).toEqual({
      reasons: { not_online: { count: 1, examples: ['f'] }, gpu_unavailable: { count: 1, examples: ['g'] } },
    });
  });

  it('nodes that are busy or absent -> no list of nodes is requested', () => {
    const asked: number[] = [];
    const nodes = [node('a', 'capacity_exceeded'), node('b', 'model_not_available')];
    jobFailure(ended('expired', null), (nodeLimit) => {
      asked.push(nodeLimit);
      return explaining(nodes)(nodeLimit);
    });
    expect(asked).toEqual([0]);
  });

  it('any exclusions, in the order of the filters -> same code as a check of every node', () => {
    const ABSENT = ['status_not_ready', 'not_online', 'model_not_available'];
    const FULL = ['vram_insufficient', 'capacity_exceeded'];
    const BUSY = [...FULL, 'resource_threshold_exceeded'];
    const codeOf = (nodes: Explanation['nodes']): string => {
      const serving = nodes.filter(({ excluded }) => !excluded.some(({ code }) => ABSENT.includes(code)));
      if (serving.length === 0) return 'model_not_ready';
      const servedBut = (codes: readonly string[]) => serving.filter(({ excluded }) => excluded.every(({ code }) => codes.includes(code)));
      const capable = servedBut(BUSY);
      if (capable.length === 0) return servedBut(['model_failing', ...BUSY]).length > 0 ? 'model_failing' : 'no_available_node';
      const isBusyAlone = capable.every(({ excluded }) => excluded[0]?.code === 'resource_threshold_exceeded');
      return isBusyAlone ? 'pool_busy' : 'pool_full';
    };
    fc.assert(
      fc.property(fc.array(fc.subarray([...EXCLUSION_REASONS]), { maxLength: 4 }), (exclusions) => {
        const nodes = exclusions.map((codes, i) => node(`n${String(i)}`, ...codes));
        expect(jobFailure(ended('expired', null), explaining(nodes)).error.code).toBe(codeOf(nodes));
      }),
      { numRuns: 500 },
    );
  });
});

describe('ended job', () => {
  const unasked = () => {
    throw new Error('not asked');
  };
  it.each<[JobStatus, string, number, string, Record<string, string>]>([
    ['cancelled', 'cancelled', 503, 'job_cancelled', FINAL],
    ['failed', 'node_lost', 502, 'job_failed', FINAL],
    ['failed', 'runtime_unreachable', 502, 'job_failed', FINAL],
    ['failed', 'attempt_timeout', 504, 'job_timeout', FINAL],
    ['failed', 'timeout', 504, 'job_timeout', FINAL],
    ['failed', 'bad_request', 400, 'bad_request', FINAL],
    ['failed', 'runtime_http_429', 429, 'runtime_busy', { 'retry-after': '5', ...FINAL }],
  ])('%s with %s', (status, error, httpStatus, code, headers) => {
    expect(facts(jobFailure(ended(status, { code: error }), unasked))).toEqual([httpStatus, code, headers]);
  });

  it.each([
    ['runtime_http_429', 77, 429, { 'retry-after': '77', ...FINAL }],
    ['runtime_http_503', 0.5, 502, { 'retry-after': '1', ...FINAL }],
    ['runtime_http_503', undefined, 502, FINAL],
    ['runtime_http_503', 'soon', 502, FINAL],
    ['runtime_http_429', 100_000, 429, { 'retry-after': '5', ...FINAL }],
    ['runtime_http_500', 77, 502, FINAL],
  ])('%s with retry_after_seconds %j -> Retry-After of the runtime', (code, seconds, httpStatus, headers) => {
    const failure = jobFailure(ended('failed', { code, details: { retryable: true, retry_after_seconds: seconds } }), unasked);
    expect([failure.status, failureHeaders(failure)]).toEqual([httpStatus, headers]);
  });

  it('message includes the text of the runtime', () => {
    const details = { retryable: true, status: 500, runtime_message: 'out of memory' };
    expect(openAiBody(jobFailure(ended('failed', { code: 'runtime_http_500', details }), unasked), 'en').error).toEqual({
      message: 'the job failed: gone (out of memory)',
      type: 'server_error',
      param: null,
      code: 'job_failed',
      muster: { error_code: 'runtime_http_500', attempts: 3, details },
    });
  });
});

it.each<[SubmitFailure, number, string, Record<string, string>, object]>([
  [{ code: 'QUEUE_FULL', limit: 1, queued: 1 }, 429, 'queue_full', { 'retry-after': '5' }, { limit: 1, queued: 1 }],
  [{ code: 'STORAGE_FULL', details: { limit_bytes: 1 } }, 503, 'storage_full', { 'retry-after': '30', ...FINAL }, { limit_bytes: 1 }],
  [
    { code: 'PAYLOAD_TOO_LARGE', payloadBytes: 2, limitBytes: 1 },
    413,
    'payload_too_large',
    { 'x-should-retry': 'false' },
    { payload_bytes: 2, limit_bytes: 1 },
  ],
  [{ code: 'NO_AVAILABLE_NODE', reasons: {} }, 503, 'no_available_node', { 'retry-after': '15' }, { reasons: {} }],
])('submission refused with %j', (failure, status, code, headers, muster) => {
  expect(facts(submitFailure(failure))).toEqual([status, code, headers]);
  expect(submitFailure(failure).error.muster).toEqual(muster);
});

it.each([
  ['UNAUTHORIZED', null, 401, { type: 'invalid_request_error', param: null, code: 'invalid_api_key' }],
  ['NOT_FOUND', null, 404, { type: 'invalid_request_error', param: null, code: 'unknown_url' }],
  ['INTERNAL_ERROR', null, 500, { type: 'server_error', param: null, code: 'internal_error' }],
  ['PAYLOAD_TOO_LARGE', { limit_bytes: 9 }, 413, { code: 'payload_too_large', muster: { limit_bytes: 9 } }],
  ['INVALID_REQUEST', { field: 'model', reason: 'wanted' }, 400, { message: 'invalid request: model: wanted', param: 'model' }],
  [
    'FORBIDDEN',
    { field: 'model', reason: 'model_not_allowed', model: 'llm-b' },
    403,
    { param: 'model', code: 'forbidden', muster: { reason: 'model_not_allowed', model: 'llm-b' } },
  ],
  ['INVALID_REQUEST', { field: '', reason: 'not JSON' }, 400, { message: 'invalid request: not JSON', param: null }],
] as const)('server refusal %s %j', (code, details, status, error) => {
  const failure = serverFailure(code, details);
  expect([failure.status, openAiBody(failure, 'en')]).toMatchObject([status, { error }]);
});

describe('message of a failure', () => {
  const messages = (failure: OpenAiFailure) => (['en', 'zh'] as const).map((language) => openAiBody(failure, language).error.message);

  it.each<[string, OpenAiFailure, string, string]>([
    ['of a code alone', poolFailure('queue_full'), 'the queue is full', '队列已满'],
    [
      'with a reason in both languages',
      poolFailure('job_failed', { reason: { en: 'gone', zh: '已消失' } }),
      'the job failed: gone',
      '任务执行失败：已消失',
    ],
    [
      'with a reason of a runtime -> a separate sentence',
      poolFailure('job_failed', { reason: 'out of memory' }),
      'the job failed: out of memory',
      '任务执行失败。out of memory',
    ],
    ['of the server', serverFailure('UNAUTHORIZED', null), 'a valid key is required', '需要有效的密钥'],
    [
      'of the server, with the invalid field',
      serverFailure('INVALID_REQUEST', { field: 'model', reason: 'wanted' }),
      'invalid request: model: wanted',
      '请求无效。model: wanted',
    ],
    [
      'of a model that the key may not use',
      serverFailure('FORBIDDEN', { reason: 'model_not_allowed', model: 'llm-b' }),
      'this key does not allow the action: it may not use the model llm-b',
      '此密钥无权执行该操作：不能使用模型 llm-b',
    ],
    [
      'of a priority that the key may not use',
      serverFailure('FORBIDDEN', { limit: 'priority', max: 0, found: 5 }),
      'this key does not allow the action: the highest priority is 0, not 5',
      '此密钥无权执行该操作：最高优先级为 0，而不是 5',
    ],
    [
      'of an expired key',
      serverFailure('UNAUTHORIZED', { reason: 'expired' }),
      'a valid key is required: the key has expired',
      '需要有效的密钥：密钥已过期',
    ],
    [
      'of a revoked key -> no code after the text',
      serverFailure('REVOKED', { reason: 'revoked' }),
      'this key or member was revoked',
      '此密钥或成员已被撤销',
    ],
    ['of a model that no node has', unknownModel('gpt-4'), 'no node of the pool has this model: gpt-4', '池中没有安装该模型：gpt-4'],
  ])('%s', (_what, failure, en, zh) => {
    expect(messages(failure)).toEqual([en, zh]);
  });

  it('of every code of the pool -> one language', () => {
    for (const code of Object.keys(POOL_ERRORS) as PoolErrorCode[]) {
      const [en = '', zh = ''] = messages(poolFailure(code));
      expect([/\p{Script=Han}/u.test(en), /\p{Script=Han}/u.test(zh), /[a-z]/i.test(zh)], code).toEqual([false, true, false]);
    }
  });

  it('of a broken stream -> its reason in one language', () => {
    for (const { en, zh } of Object.values(BREAK_REASONS)) {
      expect([/\p{Script=Han}/u.test(en), /\p{Script=Han}/u.test(zh), /[a-z]/i.test(zh)]).toEqual([false, true, false]);
    }
  });
});

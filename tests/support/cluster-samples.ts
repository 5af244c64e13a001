// What members of this version of Muster send each other: one sample of each message before a channel, each type of record, and the bytes
// around them. The schemas type the samples, so a field that becomes required must be added here.
import type { z } from 'zod';
import { type JobEvent, jobEventSchema, type JobView } from '../../src/shared/api/job';
import { encodeFrame } from '../../src/main/scheduler/cluster/bus/core/frame';
import { encodeReceiverMessage, encodeSenderMessage } from '../../src/main/scheduler/cluster/bus/core/stream-messages';
import { helloSchema, openingSchema } from '../../src/main/scheduler/cluster/channel/core/hello';
import { encodeRecord } from '../../src/main/scheduler/cluster/channel/core/record';
import * as answers from '../../src/main/scheduler/replica/core/answer-records';
import * as http from '../../src/main/scheduler/replica/core/http-records';
import * as joins from '../../src/main/scheduler/replica/core/join-records';
import * as limits from '../../src/main/scheduler/replica/core/limit-records';
import * as nodes from '../../src/main/scheduler/replica/core/node-records';
import * as copies from '../../src/main/scheduler/response-copies/core/copy-records';

const NODE = '7b0cf2a0-5a8e-4a51-9a55-0c6a4c2d1e01';
const TOKEN = 'c8f0a1b2c3d4e5f60718293a4b5c6d7e';
const JOB = 'job-1';
const ATTEMPT = { job_id: JOB, attempt: 1 };
const ERROR = { code: 'runtime_error', message: 'out of memory', details: { exit_code: 1 } };

const job: JobView = {
  job_id: JOB,
  status: 'succeeded',
  task: { kind: 'openai', path: '/v1/chat/completions', model: 'llm-a', payload_bytes: 200 },
  priority: 0,
  attempt: 1,
  max_attempts: 3,
  node_id: NODE,
  created_at: 1000,
  started_at: 1100,
  finished_at: 1900,
  error: null,
  trace_id: 'trace-1',
  submitter: { id: 'key-1', name: 'CI' },
  interactive: true,
  requirements: { required_models: ['llm-a'], required_task: { model_id: 'llm-a', task: '/v1/chat/completions' }, public: true },
  timeout_seconds: 600,
  queue_deadline_at: 61_000,
  total_deadline_at: null,
  attempts: [{ attempt: 1, node_id: NODE, assigned_at: 1010, started_at: 1100, ended_at: 1900, outcome: 'succeeded', error: null }],
  result: { attempt: 1, node_id: NODE, success: true, output: { chunks: 2 }, error: null, processing_time_ms: 800 },
  waiting: null,
};
const failure: z.input<typeof answers.answerEndSchema>['failure'] = {
  status: 503,
  retryAfterSeconds: 5,
  mayRetry: true,
  text: { en: 'the pool is busy', zh: '算力池繁忙' },
  reason: null,
  error: { type: 'server_error', param: null, code: 'pool_busy', muster: { reason: 'pool_busy' } },
};
const FACTS = { id: '1', requestId: 'req-1', model: 'llm-a', atWallMs: 1000 };
const head: answers.EventHead = { job_id: JOB, failure: null, node_name: 'Alpha' };
const usage = {
  cpu_percent: 10,
  mem_percent: 20,
  gpu_percent: 30,
  gpu_mem_percent: 40,
  owner_cpu_percent: 1,
  owner_gpu_percent: null,
  running_jobs: 1,
};
const gpu = { index: 0, utilization_percent: 30, memory_used_gb: 4, memory_total_gb: 24, temperature_c: 50, power_w: 90, available: true };
const principal = { kind: 'member', id: 'm1', nonce_hash: 'n1' } as const;

export interface Sample {
  /** The type of the record, or the name of the message. */
  readonly name: string;
  readonly schema: z.ZodType;
  readonly value: unknown;
}

/** Compares the value with the schema at compile time. */
const sample = <Schema extends z.ZodType>(name: string, schema: Schema, value: z.input<Schema>): Sample => ({ name, schema, value });

const events: readonly JobEvent[] = [
  { type: 'job', job },
  { type: 'chunk', attempt: 1, seq: 0, data: 'data: {}\n\n' },
];

/** Before a channel, and in the bodies of records. */
export const MESSAGES: readonly Sample[] = [
  sample('hello', helloSchema, { epoch: 7, leader: TOKEN }),
  sample('opening', openingSchema, { epoch: 7, leader: TOKEN, replica: TOKEN, up: `${TOKEN}-7-1-up`, down: `${TOKEN}-7-1-dn` }),
  ...events.map((event) => sample(`event ${event.type}`, jobEventSchema, event)),
  sample('handed over', answers.handedOverSchema, {
    jobId: JOB,
    requestId: 'r1',
    language: 'zh',
    streams: true,
    format: 'ollama',
    translation: { name: 'ollama_text', to: 'chat_completions', shape: 'chat', asked: 'llm-a:latest' },
    facts: { id: 'chatcmpl-1', requestId: 'r1', model: 'llm-a', atWallMs: 1000 },
    choice: { name: 'fast', model: 'llm-a', by: 'alias', leftOut: [{ model: 'llm-b', state: 'not_ready' }] },
    headers: { 'x-ratelimit-limit-requests': '9' },
    isNoted: false,
    holder: 'key-1',
    first: { ...head, job },
  }),
];

/** The heads of records. */
export const RECORDS: readonly Sample[] = [
  sample(nodes.NODE_ADMIT, nodes.admitSchema, {
    q: 1,
    token: null,
    remote_address: '10.0.0.5',
    header_names: ['host'],
    join_nonce: 'n1',
    node_id: NODE,
    node_token: 't1',
    loopback: 'keys',
  }),
  sample(nodes.NODE_ADMITTED, nodes.admittedSchema, { q: 1, as: principal, known_as: NODE }),
  sample(nodes.NODE_ADMITTED, nodes.admittedSchema, { q: 1, code: 'UNAUTHORIZED' }),
  sample(nodes.NODE_OPEN, nodes.openSchema, { c: 1, remote: '10.0.0.5', loopback_end: null, as: principal, holder: 'm1' }),
  sample(nodes.NODE_MESSAGE, nodes.messageSchema, { c: 1, asked: true, seen: { count: 2, has_content: true } }),
  sample(nodes.NODE_HANDLED, nodes.handledSchema, { c: 1, valid: true, node_id: NODE, holder: 'm1', entries: 3 }),
  sample(nodes.NODE_BEATS, nodes.beatsSchema, { same: [2, 3], figures: [{ c: 1, usage, gpus: [gpu] }] }),
  sample(nodes.NODE_CLOSED, nodes.closedSchema, { c: 1, code: 1006 }),
  sample(nodes.NODE_SENT, nodes.sentSchema, { c: 1, ...ATTEMPT, lost: false }),
  sample(nodes.NODE_SEND, nodes.sendSchema, { c: 1, ended: ATTEMPT, wants_load: true }),
  sample(nodes.NODE_ASSIGN, nodes.assignSchema, { c: 1, ...ATTEMPT, path: '/v1/chat/completions', follower: TOKEN }),
  sample(nodes.NODE_CLOSE, nodes.closeSchema, { c: 1, code: 4001 }),
  sample(http.HTTP_REQUEST, http.requestSchema, {
    id: 1,
    from: { address: '10.0.0.9', port: 50_000 },
    at: { address: '10.0.0.1', port: 7080 },
    transport: 'tls',
    loopback: 'none',
    stream: `${TOKEN}-1`,
  }),
  sample(http.HTTP_GONE, http.goneSchema, { id: 1 }),
  sample(http.HTTP_ANSWER, http.answerSchema, { id: 1, stream: null, job: true }),
  sample(http.HTTP_FAILED, http.failedSchema, { id: 1 }),
  sample(joins.JOIN_OPEN, joins.joinOpenSchema, { id: 1, address: '10.0.0.7', exporter: 'AAAA' }),
  sample(joins.JOIN_TEXT, joins.joinSchema, { id: 1 }),
  sample(joins.JOIN_CLOSE, joins.joinSchema, { id: 1 }),
  sample(limits.LIMITS_REACHED, limits.limitsReachedSchema, { limits: { connections_per_address: 2 } }),
  sample(answers.ANSWER_WAITING, answers.waitingSchema, { jobs: [{ job_id: JOB, holder: 'key-1', streams: true, job }], is_all: true }),
  sample(answers.ANSWER_EVENT, answers.eventHeadSchema, { ...head, failure }),
  sample(answers.ANSWER_UNKNOWN, answers.answerJobSchema, { job_id: JOB }),
  sample(answers.ANSWER_END, answers.answerEndSchema, { job_id: JOB, failure, reason: 'pool_busy' }),
  sample(answers.ANSWER_CANCEL, answers.answerCancelSchema, { job_id: JOB, reason: 'client_gone' }),
  sample(answers.ANSWER_CLOSED, answers.answerJobSchema, { job_id: JOB }),
  sample(answers.ANSWER_NOTED, answers.answerJobSchema, { job_id: JOB }),
  sample(answers.ANSWER_KEPT, answers.answerKeptSchema, { facts: FACTS, holder: 'key-1' }),
  sample(answers.CHUNKS_PASSED, answers.chunksPassedSchema, {
    attempts: [{ node_id: NODE, ...ATTEMPT, count: 2, bytes: 30, has_token: true }],
  }),
  sample(answers.CHUNKS_REFUSED, answers.chunksRefusedSchema, { node_id: NODE, ...ATTEMPT, error: ERROR }),
  sample(copies.RESPONSES_HAVE, copies.haveSchema, {
    kept: ['resp_1'],
    runs: [{ id: 'resp_2', job_id: JOB }],
    deleted: [{ id: 'resp_3', age_ms: 5 }],
    is_all: true,
  }),
  sample(copies.RESPONSES_COPY, copies.copySchema, {
    copy: {
      ...{ kind: 'runs', id: 'resp_1', holder: 'key-1', input: 2, job_id: JOB, facts: FACTS, translation: 'responses' },
      ...{ language: 'en', headers: { traceparent: 'x' }, session_key: 's', only_node: NODE },
    },
    is_last: false,
  }),
  sample(copies.RESPONSES_COPY, copies.copySchema, {
    copy: { kind: 'kept', id: 'resp_1', holder: null, age_ms: 5, input: 1, output: 1, has_output: true },
    is_last: true,
  }),
  sample(copies.RESPONSES_COPY, copies.copySchema, { copy: null, is_last: true }),
  sample(copies.RESPONSES_HELD, copies.heldSchema, { id: 'resp_1' }),
  sample(copies.RESPONSES_DELETED, copies.deletedSchema, { ids: ['resp_1'] }),
];

/** The types of all records that the modules name. */
export const RECORD_TYPES: readonly string[] = [answers, copies, http, joins, limits, nodes].flatMap((module) =>
  Object.values<unknown>(module).filter((value) => typeof value === 'string'),
);

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
const body = Uint8Array.of(1, 2, 3);

/** The bytes around records. */
export const bytesOfThisVersion = (): Readonly<Record<string, string>> => ({
  frame: hex(encodeFrame({ epoch: 7, body })),
  record: hex(encodeRecord({ type: 'http.gone', head: { id: 1 }, body })),
  piece: hex(encodeSenderMessage({ type: 'piece', seq: 5, bytes: body, isLast: false })),
  last_piece: hex(encodeSenderMessage({ type: 'piece', seq: 6, bytes: body, isLast: true })),
  end: hex(encodeSenderMessage({ type: 'end', seq: 7 })),
  error: hex(encodeSenderMessage({ type: 'error', seq: 7, code: 'overflow' })),
  probe: hex(encodeSenderMessage({ type: 'probe' })),
  abort: hex(encodeSenderMessage({ type: 'abort', code: 'overflow' })),
  closed: hex(encodeSenderMessage({ type: 'closed' })),
  ack: hex(encodeReceiverMessage({ type: 'ack', next: 5, upTo: 600_000, isAgain: false })),
  ack_again: hex(encodeReceiverMessage({ type: 'ack', next: 5, upTo: 600_000, isAgain: true })),
  stop: hex(encodeReceiverMessage({ type: 'stop', code: 'replaced' })),
});

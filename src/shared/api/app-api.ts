// AppApi: what a renderer may ask of the program behind it. One table of operations, one contract, three transports
// (direct, IPC, HTTP). A transport carries names, params and outcomes; it decides nothing.
import { z } from 'zod';
import type { Localized } from '../language';
import type { Result } from '../result';
import { appJobContentSchema, appJobSchema, appJobsSchema, jobIdSchema, jobsQuerySchema } from './app-job';
import type { AppEvent } from './app-state';
import { exclusionsSchema, explainRequestSchema, explanationSchema, nodeLimitSchema } from './dispatch';
import { DEFAULT_NODE_LIMIT } from './job';
import { drainBodySchema, nodeViewSchema } from './node-view';
import { modelIdSchema, nodeIdSchema } from '../protocol/node-messages';

const nothing = z.strictObject({});

/** Where a pool is: a join link, or an address (`host`, `host:port`, `http://...`, `ws://...`) with a token where one is needed. */
export const poolAddressSchema = z.strictObject({
  address: z.string().trim().min(1).max(1024),
  token: z.string().trim().max(256).optional(),
});

export const JOIN_STEPS = ['address', 'name', 'port', 'http', 'token', 'protocol'] as const;

/** The way to a scheduler, step by step: passed, failed with a code and numbers, or not reached. */
export const joinStepSchema = z.object({
  step: z.enum(JOIN_STEPS),
  outcome: z.enum(['passed', 'failed', 'skipped']),
  /** e.g. `name_not_found`, `refused`, `timeout`, `not_a_scheduler`, `unauthorized`, `protocol_unsupported`. */
  code: z.string().nullable(),
  details: z.record(z.string(), z.json()),
  duration_ms: z.number(),
});

export const OPERATIONS = {
  'agent.recheck': { params: nothing, result: nothing },
  'agent.drain': {
    params: z.strictObject({
      timeout_seconds: z
        .number()
        .min(0)
        .max(30 * 24 * 3600)
        .optional(),
    }),
    result: nothing,
  },
  'agent.resume': { params: nothing, result: nothing },
  /** One small request to one model, as soon as nothing is in its way: how it goes is in the model's view. */
  'agent.measure_model': { params: z.strictObject({ model_id: modelIdSchema }), result: nothing },
  'agent.dismiss_notice': { params: z.strictObject({ id: z.string().max(64) }), result: nothing },
  'host.start': { params: z.strictObject({ scope: z.enum(['this_computer', 'lan']) }), result: nothing },
  'host.stop': { params: nothing, result: nothing },
  'join.test': { params: poolAddressSchema, result: z.object({ steps: z.array(joinStepSchema) }) },
  'join.connect': { params: poolAddressSchema, result: nothing },
  'join.leave': { params: nothing, result: nothing },
  /** Returns the node after the act, as `pool.resume` does: the caller need not wait for its event. */
  'pool.drain': { params: z.strictObject({ node_id: nodeIdSchema, ...drainBodySchema.shape }), result: nodeViewSchema },
  'pool.resume': { params: z.strictObject({ node_id: nodeIdSchema }), result: nodeViewSchema },
  'pool.remove': { params: z.strictObject({ node_id: nodeIdSchema }), result: nothing },
  'pool.explain': {
    params: z.strictObject({ ...explainRequestSchema.shape, node_limit: nodeLimitSchema.default(DEFAULT_NODE_LIMIT) }),
    result: explanationSchema,
  },
  'pool.exclusions': { params: nothing, result: exclusionsSchema },
  'pool.reset_exclusions': { params: nothing, result: nothing },
  'pool.jobs': { params: jobsQuerySchema, result: appJobsSchema },
  'pool.job': { params: z.strictObject({ job_id: jobIdSchema }), result: appJobSchema },
  /** What came of it, and what the program that ran it said: the submitter's, and asked for by itself (security.md). */
  'pool.job_content': { params: z.strictObject({ job_id: jobIdSchema }), result: appJobContentSchema },
  'pool.cancel_job': { params: z.strictObject({ job_id: jobIdSchema }), result: nothing },
} as const;

export type OperationName = keyof typeof OPERATIONS;
export type OperationParams<Name extends OperationName> = z.input<(typeof OPERATIONS)[Name]['params']>;
export type OperationResult<Name extends OperationName> = z.output<(typeof OPERATIONS)[Name]['result']>;
export type JoinStep = z.infer<typeof joinStepSchema>;
export type PoolAddress = z.infer<typeof poolAddressSchema>;

/** The failures that only the app itself has, beside those of the error catalogue. */
export const APP_ERRORS = {
  NOT_AVAILABLE_HERE: { zh: '此程序不提供该功能', en: 'this program cannot do that' },
  NOT_CONNECTED: { zh: '此节点当前未注册到调度器', en: 'this agent is not registered with a scheduler now' },
  DISCONNECTED: { zh: '无法连接到调度器', en: 'the scheduler cannot be reached' },
  STOPPED: { zh: '已停止', en: 'it was stopped' },
} as const satisfies Readonly<Record<string, Localized>>;
export type AppErrorCode = keyof typeof APP_ERRORS;

/** Why an operation was not done: a code the UI translates, and the numbers and names behind it. */
export const appErrorSchema = z.object({
  /** A code of the error catalogue or of `APP_ERRORS`, or why a hosted scheduler did not start. */
  code: z.string(),
  /** For logs and command lines: English, and over HTTP as the client prefers. */
  message: z.string(),
  details: z.record(z.string(), z.json()).nullable(),
});
export type AppError = z.infer<typeof appErrorSchema>;
export type Outcome<Value> = Result<Value, AppError>;

/** A subscriber gets events in order, a snapshot first and after every reconnect; and the state of the connection. */
export interface AppListener {
  /** One message: the events since the one before. Never empty. */
  onEvents(events: readonly AppEvent[]): void;
  onConnection(state: ConnectionState): void;
}
/** `unauthorized`: the program wants a token that this renderer does not have (a dashboard over the LAN). */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'unauthorized';

export interface AppApi {
  /** Never throws or rejects: every failure is an outcome. */
  call<Name extends OperationName>(name: Name, params: OperationParams<Name>): Promise<Outcome<OperationResult<Name>>>;
  /** Returns how to stop listening. The first event is a snapshot. */
  subscribe(listener: AppListener): () => void;
}

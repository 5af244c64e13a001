// Decides how each event of a job changes the response to the request that waits for the job. The first chunk that is passed on binds the
// request to its attempt. Before that chunk a lost attempt is retried without a trace in the response; afterwards the stream ends with an
// error.
import type { CancelReason, JobError, JobEvent, JobView } from '../../../../../shared/api/job';
import type { Localized } from '../../../../../shared/language';
import { openAiOutputSchema, type OpenAiOutput } from '../../../../../shared/protocol/tasks';
import { eventsOfWhole } from './whole-answer';

export interface ResponseState {
  readonly streams: boolean;
  /** The attempt whose chunks are passed on, and the number of its next chunk; null before the first chunk. */
  readonly committed: { readonly attempt: number; readonly nextSeq: number } | null;
}

export type ResponseAct =
  | { readonly type: 'wait' }
  /** The job waits for a node. */
  | { readonly type: 'queued' }
  /** The job is on a node. */
  | { readonly type: 'assigned'; readonly nodeId: string }
  | { readonly type: 'chunk'; readonly data: unknown }
  /** A whole answer, or the runtime's refusal of a stream. */
  | { readonly type: 'answer'; readonly output: OpenAiOutput; readonly nodeId: string }
  /** The stream is complete once `events` are passed on. */
  | { readonly type: 'finish'; readonly events: readonly unknown[]; readonly nodeId: string }
  | { readonly type: 'fail'; readonly job: JobView }
  /** The stream cannot be continued, or chunks are missing: the result of the job cannot be used. */
  | { readonly type: 'broken'; readonly reason: BreakReason; readonly error: JobError | null };

export const BREAK_REASONS = {
  attempt_lost: { en: 'the attempt that produced the stream was lost', zh: '产生该流的尝试已丢失' },
  chunk_missing: { en: 'a chunk did not arrive', zh: '部分内容未送达' },
  unreadable_output: { en: 'the output is not readable', zh: '无法读取' },
  not_streamed: { en: 'the model server answered with something other than a stream of this path', zh: '模型服务返回的不是此接口的流' },
  no_answer: {
    en: 'the model server sent a stream that was not requested, or no content',
    zh: '模型服务返回了未请求的流，或没有返回内容',
  },
} as const satisfies Partial<Record<CancelReason | 'not_streamed' | 'no_answer', Localized>>;

type BreakReason = keyof typeof BREAK_REASONS;

const broken = (reason: BreakReason, error: JobError | null = null): ResponseAct => ({ type: 'broken', reason, error });

export const startResponse = (streams: boolean): ResponseState => ({ streams, committed: null });

export function onJobEvent(state: ResponseState, event: JobEvent): readonly [ResponseState, ResponseAct] {
  if (event.type === 'job') return [state, onJob(state, event.job)];
  if (!state.streams) return [state, { type: 'wait' }];
  const { committed } = state;
  const { attempt, seq, data } = event;
  if (committed !== null && committed.attempt !== attempt) return [state, broken('attempt_lost')];
  if (seq !== (committed?.nextSeq ?? 0)) return [state, broken('chunk_missing')];
  return [
    { ...state, committed: { attempt, nextSeq: seq + 1 } },
    { type: 'chunk', data },
  ];
}

function onJob({ committed, streams }: ResponseState, job: JobView): ResponseAct {
  switch (job.status) {
    case 'succeeded':
      return streams ? endOfStream(job, committed) : answer(job);
    case 'failed':
    case 'cancelled':
    case 'expired':
      return { type: 'fail', job };
    case 'queued':
      return committed === null ? { type: 'queued' } : broken('attempt_lost', job.attempts.at(-1)?.error ?? null);
    case 'assigned':
    case 'running':
      if (committed !== null && committed.attempt !== job.attempt) return broken('attempt_lost');
      return job.node_id === null ? { type: 'wait' } : { type: 'assigned', nodeId: job.node_id };
  }
}

/** A `null` body stands for a stream, because no path of the OpenAI API answers with `null`. The client requested no stream. */
function answer({ result }: JobView): ResponseAct {
  const read = openAiOutputSchema.safeParse(result?.output);
  if (result === null || !read.success) return broken('unreadable_output');
  return read.data.status < 400 && isEmpty(read.data) ? broken('no_answer') : { type: 'answer', output: read.data, nodeId: result.node_id };
}

/** Only a stream with all its chunks succeeds. Nodes keep chunks in memory only, so the result may arrive when the last ones are lost. */
function endOfStream({ result, task }: JobView, committed: ResponseState['committed']): ResponseAct {
  if (result === null) return broken('unreadable_output');
  const { node_id: nodeId } = result;
  if (committed !== null && committed.attempt !== result.attempt) return broken('attempt_lost');
  const output = streamOutput(result.output, committed !== null);
  if (output === null) return broken('unreadable_output');
  if (output.status >= 400) return { type: 'answer', output, nodeId };
  const passedOn = committed?.nextSeq ?? 0;
  const { chunks, events } = 'body' in output ? output : {};
  const rest = events?.slice(passedOn) ?? [];
  const all = passedOn + rest.length;
  if (all !== (chunks ?? all)) return broken('chunk_missing');
  if (all > 0 || isEmpty(output)) return { type: 'finish', events: rest, nodeId };
  const whole = eventsOfWhole(task.path, output);
  return whole === null ? broken('not_streamed') : { type: 'finish', events: whole, nodeId };
}

/** The chunks are the whole answer: a node may send a result without output after them (docs/protocol.md). */
function streamOutput(output: unknown, hasChunks: boolean): OpenAiOutput | null {
  const read = openAiOutputSchema.safeParse(output);
  if (read.success) return read.data;
  return hasChunks || output === undefined || output === null ? { status: 200, body: null } : null;
}

const isEmpty = (output: OpenAiOutput): boolean => 'body' in output && output.body === null;

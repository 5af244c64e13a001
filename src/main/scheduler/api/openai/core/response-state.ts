// What each event of a job means for the request that waits for it. The first chunk that is passed on commits the request to its
// attempt: before it a lost attempt is repeated unseen, after it nothing can be taken back and the stream ends with an error. Pure.
import type { CancelReason, JobError, JobEvent, JobView } from '../../../../../shared/api/job';
import type { Localized } from '../../../../../shared/language';
import { openAiOutputSchema, type OpenAiOutput } from '../../../../../shared/protocol/tasks';
import { eventsOfWhole } from './whole-answer';

export interface ResponseState {
  readonly streams: boolean;
  /** The attempt whose chunks are passed on, and the number of the next one; null before the first. */
  readonly committed: { readonly attempt: number; readonly nextSeq: number } | null;
}

export type RelayAct =
  | { readonly type: 'wait' }
  /** A node has it: from now on silence is work. */
  | { readonly type: 'assigned'; readonly nodeId: string }
  | { readonly type: 'chunk'; readonly data: unknown }
  /** To a request that does not stream, or the runtime's refusal of one that does. */
  | { readonly type: 'answer'; readonly output: OpenAiOutput; readonly nodeId: string }
  /** A stream has ended well; `events` were not passed on yet. */
  | { readonly type: 'finish'; readonly events: readonly unknown[]; readonly nodeId: string }
  | { readonly type: 'fail'; readonly job: JobView }
  /** What was passed on cannot be continued, or its beginning is missing: the job is of no use any more. */
  | { readonly type: 'broken'; readonly reason: BreakReason; readonly error: JobError | null };

export const BREAK_WORDS = {
  attempt_lost: { en: 'the attempt that it came from was lost', zh: '产生该流的尝试已丢失' },
  chunk_missing: { en: 'a part of it did not arrive', zh: '部分内容未送达' },
  unreadable_output: { en: 'it cannot be read', zh: '无法读取' },
  not_streamed: { en: 'the runtime answered with something that is no stream of this path', zh: '模型服务返回的不是此接口的流' },
  no_answer: {
    en: 'the runtime streamed what was not to be streamed, or answered with nothing',
    zh: '模型服务返回了未请求的流，或没有返回内容',
  },
} as const satisfies Partial<Record<CancelReason | 'not_streamed' | 'no_answer', Localized>>;

type BreakReason = keyof typeof BREAK_WORDS;

const broken = (reason: BreakReason, error: JobError | null = null): RelayAct => ({ type: 'broken', reason, error });

export const startRelay = (streams: boolean): ResponseState => ({ streams, committed: null });

export function onJobEvent(state: ResponseState, event: JobEvent): readonly [ResponseState, RelayAct] {
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

function onJob({ committed, streams }: ResponseState, job: JobView): RelayAct {
  switch (job.status) {
    case 'succeeded':
      return streams ? endOfStream(job, committed) : answer(job);
    case 'failed':
    case 'cancelled':
    case 'expired':
      return { type: 'fail', job };
    case 'queued':
      return committed === null ? { type: 'wait' } : broken('attempt_lost', job.attempts.at(-1)?.error ?? null);
    case 'assigned':
    case 'running':
      if (committed !== null && committed.attempt !== job.attempt) return broken('attempt_lost');
      return job.node_id === null ? { type: 'wait' } : { type: 'assigned', nodeId: job.node_id };
  }
}

/** No path of OpenAI's answers with `null`: it stands for a stream, whose chunks nobody waited for. */
function answer({ result }: JobView): RelayAct {
  const read = openAiOutputSchema.safeParse(result?.output);
  if (result === null || !read.success) return broken('unreadable_output');
  return read.data.status < 400 && isEmpty(read.data) ? broken('no_answer') : { type: 'answer', output: read.data, nodeId: result.node_id };
}

/** Only what is known to be whole ends well: a node's chunks are in its memory alone, and the result may come without the last of them. */
function endOfStream({ result, task }: JobView, committed: ResponseState['committed']): RelayAct {
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

/** What was streamed is the whole answer of a stream: beside its chunks a node owes no output (protocol §2). */
function streamOutput(output: unknown, hasChunks: boolean): OpenAiOutput | null {
  const read = openAiOutputSchema.safeParse(output);
  if (read.success) return read.data;
  return hasChunks || output === undefined || output === null ? { status: 200, body: null } : null;
}

const isEmpty = (output: OpenAiOutput): boolean => 'body' in output && output.body === null;

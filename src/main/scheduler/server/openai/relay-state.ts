// What each event of a job means for the request that waits for it. The first chunk that is passed on commits the request to its
// attempt: before it a lost attempt is repeated unseen, after it nothing can be taken back and the stream ends with an error. Pure.
import type { CancelReason, JobError, JobEvent, JobView } from '../../../../shared/api/job';
import { openAiOutputSchema, type OpenAiOutput } from '../../../../shared/protocol/tasks';

export interface RelayState {
  readonly streams: boolean;
  /** The attempt whose chunks are passed on, and the number of the next one; null before the first. */
  readonly committed: { readonly attempt: number; readonly nextSeq: number } | null;
}

export type RelayAct =
  | { readonly type: 'wait' }
  /** A node has it: from now on silence is work. */
  | { readonly type: 'assigned'; readonly nodeId: string }
  | { readonly type: 'chunk'; readonly data: unknown }
  | { readonly type: 'answer'; readonly output: OpenAiOutput; readonly nodeId: string }
  | { readonly type: 'fail'; readonly job: JobView }
  /** What was passed on cannot be continued, or its beginning is missing: the job is of no use any more. */
  | { readonly type: 'broken'; readonly reason: BreakReason; readonly error: JobError | null };

type BreakReason = Extract<CancelReason, 'attempt_lost' | 'chunk_missing' | 'unreadable_output'>;

const broken = (reason: BreakReason, error: JobError | null = null): RelayAct => ({ type: 'broken', reason, error });

export const startRelay = (streams: boolean): RelayState => ({ streams, committed: null });

export function onJobEvent(state: RelayState, event: JobEvent): readonly [RelayState, RelayAct] {
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

function onJob({ committed, streams }: RelayState, job: JobView): RelayAct {
  switch (job.status) {
    case 'succeeded':
      return answer(job, streams);
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

/** What was streamed is the whole answer of a stream: beside its chunks a node owes no output (protocol §2). */
function answer({ result }: JobView, streams: boolean): RelayAct {
  if (result === null) return broken('unreadable_output');
  const read = openAiOutputSchema.safeParse(result.output);
  const output = read.success ? read.data : streams ? STREAMED : null;
  return output === null ? broken('unreadable_output') : { type: 'answer', output, nodeId: result.node_id };
}

const STREAMED: OpenAiOutput = { status: 200, body: null };

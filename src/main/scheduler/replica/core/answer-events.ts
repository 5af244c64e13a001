// Decides in which order the events of a job reach the writer of its answer. Chunks come from the replica of the node, in a stream for each
// attempt, or from the leader when the node has changed its replica; then they repeat those of before. All else comes from the leader, which
// may be faster: the end of a job waits for its chunks.
import type { JobEvent, JobView } from '../../../../shared/api/job';

type Chunk = Extract<JobEvent, { type: 'chunk' }>;

interface Stream {
  readonly attempt: number;
  /** No chunk follows. */
  readonly isOver: boolean;
}

export interface AnswerEvents {
  readonly streams: boolean;
  /** The attempt whose chunks are passed on. Null: the job waits for a node. */
  readonly live: number | null;
  /** The stream of the newest attempt. Null: there was none. */
  readonly stream: Stream | null;
  /** The attempt of the last chunk, and the number of the next one. */
  readonly passed: { readonly attempt: number; readonly nextSeq: number } | null;
  /** The end of the job, which waits. */
  readonly held: JobView | null;
}

export interface AnswerStep {
  readonly state: AnswerEvents;
  readonly events: readonly JobEvent[];
  /** The stream of this attempt is read from now on, and no other one. */
  readonly open: number | null;
}

export const startEvents = (streams: boolean): AnswerEvents => ({
  streams,
  live: null,
  stream: null,
  passed: null,
  held: null,
});

const step = (state: AnswerEvents, events: readonly JobEvent[] = [], open: number | null = null): AnswerStep => ({ state, events, open });

export function onChunk(state: AnswerEvents, chunk: Chunk): AnswerStep {
  const { attempt, seq } = chunk;
  const { live, passed } = state;
  if (attempt !== live) return step(state);
  if (passed?.attempt === attempt && seq < passed.nextSeq) return step(state);
  return step({ ...state, passed: { attempt, nextSeq: seq + 1 } }, [chunk]);
}

export function onStreamOver(state: AnswerEvents, attempt: number): AnswerStep {
  const { stream, held } = state;
  if (stream?.attempt !== attempt || stream.isOver) return step(state);
  const next = { ...state, stream: { attempt, isOver: true } };
  return held === null ? step(next) : step({ ...next, held: null }, [{ type: 'job', job: held }]);
}

export function onJob(state: AnswerEvents, job: JobView): AnswerStep {
  const event: JobEvent = { type: 'job', job };
  const { status, attempt } = job;
  if (status === 'queued') return step({ ...state, live: null }, [event]);
  if (status === 'assigned' || status === 'running') {
    const live = { ...state, live: attempt };
    if (!state.streams || state.stream?.attempt === attempt) return step(live, [event]);
    return step({ ...live, stream: { attempt, isOver: false } }, [event], attempt);
  }
  if (status !== 'succeeded' || !mustWait(state, job)) return step(state, [event]);
  return step({ ...state, held: job });
}

/** Whether chunks of the attempt that succeeded may still arrive. */
function mustWait({ stream, passed }: AnswerEvents, { result }: JobView): boolean {
  if (result === null || stream?.attempt !== result.attempt || stream.isOver) return false;
  const count = passed?.attempt === result.attempt ? passed.nextSeq : 0;
  return chunkCountOf(result.output) !== count;
}

/** Null: the node did not say how many chunks it has sent. */
function chunkCountOf(output: unknown): number | null {
  const count = typeof output === 'object' && output !== null && 'chunks' in output ? output.chunks : null;
  return typeof count === 'number' ? count : null;
}

// The streams of a node of the job world. The node repeats the parts of its attempts after each registration.
import type { NodeMessage } from '../../src/shared/protocol/node-messages';
import type { JobAssign } from '../../src/shared/protocol/scheduler-messages';
import { chatOutput } from './job-pool';

type ChunkMessage = Extract<NodeMessage, { type: 'job_chunk' }>;

/** The key of maps by attempt. */
export const keyOf = (jobId: string, attempt: number): string => `${jobId} ${String(attempt)}`;

/** A part of the stream of an attempt. No two parts are equal. */
export const partOf = (nodeId: string, attempt: number, seq: number) => ({
  choices: [{ index: 0, delta: { content: `${nodeId} ${String(attempt)} ${String(seq)}` } }],
});

/** The output of an attempt that succeeds. `parts` null: its client wants a whole answer. */
export const attemptOutput = (nodeId: string, attempt: number, parts: number | null): object =>
  parts === null ? chatOutput(`${nodeId} ${String(attempt)}`) : { status: 200, body: null, chunks: parts };

export class NodeStreams {
  readonly #nodeId: string;
  /** By attempt: the parts that the node has sent. */
  readonly #parts = new Map<string, ChunkMessage[]>();

  constructor(nodeId: string) {
    this.#nodeId = nodeId;
  }

  assigned({ job_id: jobId, attempt, task }: JobAssign): void {
    if (task.kind === 'openai' && 'body' in task && 'stream' in task.body && task.body.stream === true)
      this.#parts.set(keyOf(jobId, attempt), []);
  }

  sent(jobId: string, attempt: number): readonly ChunkMessage[] {
    return this.#parts.get(keyOf(jobId, attempt)) ?? [];
  }

  /** None: the attempt does not stream. */
  next(jobId: string, attempt: number): readonly ChunkMessage[] {
    const parts = this.#parts.get(keyOf(jobId, attempt));
    if (parts === undefined) return [];
    const seq = parts.length;
    const part: ChunkMessage = { type: 'job_chunk', job_id: jobId, attempt, seq, data: partOf(this.#nodeId, attempt, seq) };
    parts.push(part);
    return [part];
  }

  outputOf(jobId: string, attempt: number): object {
    return attemptOutput(this.#nodeId, attempt, this.#parts.get(keyOf(jobId, attempt))?.length ?? null);
  }
}

// Whether a kept result can still be told as it was written: its frames must fit the scheduler, and of a stream its words must
// still be here. What cannot is told as a failure, and never as a success with something missing. Pure.
import { openAiOutputSchema } from '../../../shared/protocol/tasks';
import { failed, type JobOutcome } from '../../runtimes/core/runtime-outcome';

export interface Telling {
  readonly frameBytes: number;
  /** Whether the words of the result are in chunks, and not in its own frame. */
  readonly isInChunks: boolean;
  /** Those that are kept; `lost`: they were in memory, and that is gone. A chunk that no frame can hold is told by its size. */
  readonly chunks: 'kept' | 'lost' | { readonly tooLargeBytes: number };
}

/** Null: it can be told. `maxMessageBytes`: the largest frame that the scheduler takes (protocol §1). */
export function failureInstead({ frameBytes, isInChunks, chunks }: Telling, maxMessageBytes: number): JobOutcome | null {
  if (frameBytes > maxMessageBytes) return tooLarge(frameBytes, maxMessageBytes);
  if (!isInChunks || chunks === 'kept') return null;
  if (chunks === 'lost') return failed('stream_broken', 'the node was started anew before its words were acknowledged', true);
  return tooLarge(chunks.tooLargeBytes, maxMessageBytes);
}

/** Whether the result of a job is a stream's (protocol §2): it tells how many chunks it was, and has none of their words itself. */
export function isInChunks(output: unknown): boolean {
  const read = openAiOutputSchema.safeParse(output);
  return read.success && 'chunks' in read.data && (read.data.chunks ?? 0) > 0 && read.data.events === undefined;
}

/** Final: no other node could send it either. */
export const tooLarge = (bytes: number, limitBytes: number): JobOutcome =>
  failed('output_too_large', 'the output is too large to be sent', false, { bytes, limit_bytes: limitBytes });

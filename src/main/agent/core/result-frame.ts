// Decides whether a stored result can be sent: its frames must fit the scheduler's limit, and a stream needs its chunks. A result
// that cannot be sent becomes a failure, never an incomplete success.
import { openAiOutputSchema } from '../../../shared/protocol/tasks';
import { failed, type JobOutcome } from '../../runtimes/core/runtime-outcome';

export interface ResultToSend {
  readonly frameBytes: number;
  /** The content of the result is in its chunks and not in its own frame. */
  readonly isInChunks: boolean;
  /** `lost`: the chunks were in memory and the program restarted. `tooLargeBytes`: a chunk exceeds the largest frame. */
  readonly chunks: 'kept' | 'lost' | { readonly tooLargeBytes: number };
}

/** Null: the result can be sent. `maxMessageBytes`: the largest frame that the scheduler accepts (protocol §1). */
export function undeliverableError({ frameBytes, isInChunks, chunks }: ResultToSend, maxMessageBytes: number): JobOutcome | null {
  if (frameBytes > maxMessageBytes) return tooLarge(frameBytes, maxMessageBytes);
  if (!isInChunks || chunks === 'kept') return null;
  if (chunks === 'lost') return failed('stream_broken', 'the node restarted before its chunks were acknowledged', true);
  return tooLarge(chunks.tooLargeBytes, maxMessageBytes);
}

/** Whether an output is that of a stream (protocol §2): it has the number of chunks and not their content. */
export function isInChunks(output: unknown): boolean {
  const read = openAiOutputSchema.safeParse(output);
  return read.success && 'chunks' in read.data && (read.data.chunks ?? 0) > 0 && read.data.events === undefined;
}

/** Not retryable: no other node could send it either. */
export const tooLarge = (bytes: number, limitBytes: number): JobOutcome =>
  failed('output_too_large', 'the output is too large to be sent', false, { bytes, limit_bytes: limitBytes });

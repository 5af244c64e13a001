// Whether a kept result can still be told as it was written: its frames must fit the scheduler, and of a stream its words must
// still be here. What cannot is told as a failure, and never as a success with something missing. Pure.
import { failed, type JobOutcome } from '../../runtimes/runtime-outcome';

export interface Telling {
  /** The largest frame that the result needs: its own, or one of its chunks. */
  readonly largestFrameBytes: number;
}

/** Null: it can be told. `maxMessageBytes`: the largest frame that the scheduler takes (protocol §1). */
export function failureInstead({ largestFrameBytes }: Telling, maxMessageBytes: number): JobOutcome | null {
  return largestFrameBytes > maxMessageBytes ? tooLarge(largestFrameBytes, maxMessageBytes) : null;
}

/** Final: no other node could send it either. */
export const tooLarge = (bytes: number, limitBytes: number): JobOutcome =>
  failed('output_too_large', 'the output is too large to be sent', false, { bytes, limit_bytes: limitBytes });

// Maps the end of a program to a job's outcome: which ends are failures, their codes, and whether they are retryable.
import { failed, type RunOutcome } from '../runtime-outcome';

/** `ProgramEnd` without the bytes. */
type End =
  | { readonly end: 'exited'; readonly code: number; readonly stderrTail: string }
  | { readonly end: 'killed'; readonly by: string; readonly stderrTail: string }
  | { readonly end: 'aborted' | 'too_much_output' }
  | { readonly end: 'not_started'; readonly code: string };

interface Limits {
  readonly cancelled: boolean;
  readonly timeoutMs: number;
  readonly maxOutputBytes: number;
}

/** Codes of sysexits.h. Wrong usage and wrong data are faults of the job: another attempt would fail too. */
const EXIT_USAGE = 64;
const EXIT_DATA = 65;

/** Null: the program succeeded. */
export function outcomeOf(ended: End, { cancelled, timeoutMs, maxOutputBytes }: Limits): RunOutcome | null {
  switch (ended.end) {
    case 'exited': {
      if (ended.code === 0) return null;
      const details = { exit_code: ended.code, stderr_tail: ended.stderrTail };
      const isBadInput = ended.code === EXIT_USAGE || ended.code === EXIT_DATA;
      if (isBadInput) return failed('bad_request', 'the program refused the input', false, details);
      return failed('command_failed', `the program ended with exit code ${String(ended.code)}`, true, details);
    }
    case 'killed':
      return failed('command_failed', `the program was ended by ${ended.by}`, true, { signal: ended.by, stderr_tail: ended.stderrTail });
    case 'aborted':
      if (cancelled) return failed('cancelled', 'the job was cancelled', false);
      return failed('timeout', 'the program took too long', true, { timeout_seconds: timeoutMs / 1000 });
    case 'too_much_output':
      return failed('output_too_large', 'the output is too large to be sent', false, { limit_bytes: maxOutputBytes });
    case 'not_started':
      return failed('program_not_started', 'the program could not be started', true, { reason: ended.code });
  }
}

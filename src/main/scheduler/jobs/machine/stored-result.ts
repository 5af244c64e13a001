// The result of an interactive job as it is stored: its client has the answer, and the disk gets the facts about it (ADR 0050).
import type { JobResultView } from '../../../../shared/api/job';
import { isRecord } from '../../../../shared/json';

/** The output is that of a streamed answer, which has no body either. */
export function withoutAnswer(result: JobResultView): JobResultView {
  const { output } = result;
  if (!isRecord(output) || typeof output['status'] !== 'number') return { ...result, output: null };
  const { status, chunks } = output;
  return { ...result, output: { status, body: null, ...(typeof chunks === 'number' ? { chunks } : {}) } };
}

// A line of the output of a hosted scheduler, as its log file keeps it: JSON. Other output, such as the trace of a crash, becomes a line of
// the event `scheduler_output`. Pure.
import { isRecord, parseJson } from '../../../shared/json';
import { redactText } from '../../../shared/redact';

const MAX_LENGTH = 16_384;

/** `nowWallMs`: the time of a line that has none. */
export function keptLine(line: string, nowWallMs: number): string {
  const value = line.startsWith('{') && line.length <= MAX_LENGTH ? parseJson(line) : null;
  if (isRecord(value) && typeof value['time'] === 'string') return `${line}\n`;
  const text = redactText(line.slice(0, MAX_LENGTH));
  return `${JSON.stringify({ level: 'warn', time: new Date(nowWallMs).toISOString(), event: 'scheduler_output', text })}\n`;
}

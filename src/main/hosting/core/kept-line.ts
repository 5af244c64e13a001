// A line of the output of a hosted scheduler, as its log file keeps it: JSON. Other output, such as the trace of a crash, becomes a line of
// the event `scheduler_output`. Pure.
import { isRecord, parseJson } from '../../../shared/json';
import { redactText } from '../../../shared/redact';

const MAX_LENGTH = 16_384;
/** Node.js says so of its own SQLite at each start, with a hint in a second line. Its owner can do nothing about it. */
const EXPERIMENTAL = /^\(node:\d+\) ExperimentalWarning: |^\(Use `[^`]*--trace-warnings[^`]*` to show where the warning was created\)$/;

/** `nowWallMs`: the time of a line that has none. */
export function keptLine(line: string, nowWallMs: number): string {
  const value = line.startsWith('{') && line.length <= MAX_LENGTH ? parseJson(line) : null;
  if (isRecord(value) && typeof value['time'] === 'string') return `${line}\n`;
  const text = redactText(line.slice(0, MAX_LENGTH));
  const level = EXPERIMENTAL.test(text) ? 'debug' : 'warn';
  return `${JSON.stringify({ level, time: new Date(nowWallMs).toISOString(), event: 'scheduler_output', text })}\n`;
}

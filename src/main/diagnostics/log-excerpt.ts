// The newest lines of a log, without their private parts, as a file of the diagnostics.
import { setImmediate } from 'node:timers/promises';
import { type DiagnosticsFile, logQuerySchema, MAX_LOG_LINES } from '../../shared/api/logs';
import { lineText, textFile } from './core/collected';
import { LogReader } from './log-reader';
import type { LogSource } from './log-source';

const MAX_LINES = 5000;
const MAX_BYTES = 1024 * 1024;
/** Lines that are cleaned in one turn of the event loop. */
const LINES_PER_TURN = 50;

/** In the order in which they were written. */
export async function logExcerpt(source: LogSource, clean: (text: string) => string): Promise<DiagnosticsFile> {
  const reader = new LogReader([source]);
  const newestFirst: string[] = [];
  let bytes = 0;
  let before: string | null = null;
  do {
    const query = logQuerySchema.parse({ limit: MAX_LOG_LINES, ...(before === null ? {} : { before }) });
    const page = await reader.read(query);
    if (!page.ok) break;
    for (const [at, line] of page.value.lines.entries()) {
      if (at % LINES_PER_TURN === LINES_PER_TURN - 1) await setImmediate();
      const text = lineText(line, clean);
      bytes += text.length;
      if (bytes <= MAX_BYTES) newestFirst.push(text);
    }
    before = page.value.older;
    await setImmediate();
  } while (before !== null && newestFirst.length < MAX_LINES && bytes < MAX_BYTES);
  return textFile(`log-${source.name}.jsonl`, newestFirst.reverse().join(''));
}

// From facts to the files of the diagnostics: cleaned, formatted, and bounded as a whole. Pure.
import { type DiagnosticsFile, type LogLine, MAX_DIAGNOSTICS_BYTES } from '../../../shared/api/logs';
import type { DiagnosticsFact } from '../../contracts/ports';
import { cleaned } from './anonymise';

const MAX_FACT_BYTES = 512 * 1024;

export const README_FILE = 'README.txt';

export const readme = (version: string, madeAt: string): string => `Diagnostics of Muster ${version}, made at ${madeAt}.

Each file is text, and can be read before it is sent.
Left out: keys, tokens and passwords; requests and answers of jobs; names of people, computers and keys;
public and hardware addresses. Private addresses of the local network are included.
`;

export function factFile({ name, value }: DiagnosticsFact, clean: (text: string) => string): DiagnosticsFile {
  const content = `${JSON.stringify(cleaned(value, clean), null, 2)}\n`;
  return textFile(name, content.length <= MAX_FACT_BYTES ? content : `${content.slice(0, MAX_FACT_BYTES)}\n[cut: too long]\n`);
}

export const textFile = (name: string, content: string): DiagnosticsFile => ({
  name,
  bytes: new TextEncoder().encode(content).length,
  content,
});

/** A line of a log file, as it was written, but cleaned. */
export function lineText({ at, level, event, fields }: LogLine, clean: (text: string) => string): string {
  const rest = cleaned(fields, clean) as Record<string, unknown>;
  return `${JSON.stringify({ time: new Date(at).toISOString(), level, event: clean(event), ...rest })}\n`;
}

/** The files in their order, until the whole has its largest size. */
export function withinSize(files: readonly DiagnosticsFile[]): readonly DiagnosticsFile[] {
  let bytes = 0;
  return files.filter((file) => {
    const fits = bytes + file.bytes <= MAX_DIAGNOSTICS_BYTES;
    if (fits) bytes += file.bytes;
    return fits;
  });
}

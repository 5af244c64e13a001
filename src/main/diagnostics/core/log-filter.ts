// Whether a line passes the filters of a page. Pure.
import { LOG_LEVELS, type LogLine, type LogQuery } from '../../../shared/api/logs';

export type LogFilters = Pick<LogQuery, 'level' | 'event' | 'node_id' | 'text'>;

/** Decides from the raw text, before the line is decoded: false only when the line cannot pass. */
export function mayPass(raw: string, { event, node_id: nodeId, text }: LogFilters): boolean {
  if (event !== undefined && !raw.includes(event)) return false;
  if (nodeId !== undefined && !raw.includes(nodeId)) return false;
  // A text with spaces, or with characters that JSON escapes, is compared with the decoded line only.
  return text === undefined || !PLAIN.test(text) || raw.toLowerCase().includes(text.toLowerCase());
}

const PLAIN = /^[\w.:@/-]+$/;

export function passes(line: LogLine, { level, event, node_id: nodeId, text }: LogFilters): boolean {
  if (LOG_LEVELS.indexOf(line.level) < LOG_LEVELS.indexOf(level)) return false;
  if (event !== undefined && line.event !== event) return false;
  if (nodeId !== undefined && !isAbout(line, nodeId)) return false;
  return text === undefined || searchText(line).includes(text.toLowerCase());
}

function isAbout({ fields }: LogLine, nodeId: string): boolean {
  const several = fields['node_ids'];
  return fields['node_id'] === nodeId || (Array.isArray(several) && several.includes(nodeId));
}

/** As the line is in the file, without the characters that JSON needs. */
const searchText = ({ at, event, level, fields }: LogLine): string =>
  `${new Date(at).toISOString()} ${level} ${event} ${textOf(fields)}`.toLowerCase();

function textOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(textOf).join(' ');
  return Object.entries(value)
    .map(([name, inner]) => `${name} ${textOf(inner)}`)
    .join(' ');
}

// Reads pages of the log: the lines of all sources, ordered by time. One page reads a bounded number of bytes, in pieces, with a turn of the
// event loop after each.
import { setImmediate } from 'node:timers/promises';
import type { Outcome } from '../../shared/api/app-api';
import type { LogLine, LogPage, LogQuery, LogSourceName } from '../../shared/api/logs';
import { ok } from '../../shared/result';
import { type Cursor, cursorText, parseCursor, type Position } from './core/cursor';
import { logLineOf } from './core/log-line';
import { mayPass, passes } from './core/log-filter';
import type { LogSource, RawLine } from './log-source';

/** What one page reads at most, about. */
const MAX_PAGE_BYTES = 1024 * 1024;

export class LogReader {
  readonly #sources: readonly LogSource[];

  /** At least one source. */
  constructor(sources: readonly LogSource[]) {
    this.#sources = sources;
  }

  async read(query: LogQuery): Promise<Outcome<LogPage>> {
    const sources = this.#sources.filter(({ name }) => query.source === undefined || name === query.source);
    const page = query.after === undefined ? await older(sources, query) : await newer(sources, query, parseCursor(query.after));
    return ok({ ...page, sources: this.#sources.map(({ name }) => name) });
  }
}

type Page = Omit<LogPage, 'sources'>;

async function older(sources: readonly LogSource[], query: LogQuery): Promise<Page> {
  const given = query.before === undefined ? null : parseCursor(query.before);
  const ends = await positions(sources, given);
  const backward = await Promise.all(
    sources.map(async (source) => {
      const start = given === null ? (ends.get(source.name) ?? null) : (given.get(source.name) ?? null);
      const reader = new BackwardReader(source, start);
      await reader.fill();
      return reader;
    }),
  );
  const lines: LogLine[] = [];
  let readTo: number | null = null;
  let bytes = 0;
  while (lines.length < query.limit && bytes < MAX_PAGE_BYTES) {
    const newest = newestOf(backward);
    if (newest === null) break;
    const { raw, line } = newest.take();
    bytes += raw.text.length;
    readTo = line?.at ?? readTo;
    if (line !== null && mayPass(raw.text, query) && passes(line, query)) lines.push(line);
    await newest.fill();
  }
  const rest: Cursor = new Map(backward.flatMap(({ source, next }) => (next === null ? [] : [[source.name, next] as const])));
  return {
    lines,
    older: rest.size === 0 ? null : cursorText(rest),
    newer: cursorText(ends.size > 0 ? ends : START),
    has_newer: false,
    read_to: readTo,
  };
}

/** A page of older lines keeps the cursor of its first page, so its own `newer` is not used. */
async function positions(sources: readonly LogSource[], given: Cursor | null): Promise<Cursor> {
  if (given !== null) return given;
  return new Map(await Promise.all(sources.map(async (source) => [source.name, await source.end()] as const)));
}

/** Of a cursor without a known source. */
const START: Cursor = new Map([['app', { file: 0, offset: 0 }]]);

function newestOf(readers: readonly BackwardReader[]): BackwardReader | null {
  let newest: BackwardReader | null = null;
  for (const reader of readers) {
    if (reader.isEmpty()) continue;
    if (newest === null || reader.atWallMs() > newest.atWallMs()) newest = reader;
  }
  return newest;
}

interface Decoded {
  readonly raw: RawLine;
  /** Null: not a line of this program. */
  readonly line: LogLine | null;
}

/** The lines of one source, the newest first. */
class BackwardReader {
  readonly source: LogSource;
  /** Where the lines that were not taken yet end; null: there are none. */
  next: Position | null;
  #pending: Decoded[] = [];
  /** Where the next piece ends. */
  #pieceEnd: Position | null;

  constructor(source: LogSource, start: Position | null) {
    this.source = source;
    this.next = start;
    this.#pieceEnd = start;
  }

  isEmpty(): boolean {
    return this.#pending.length === 0;
  }

  /** Of the next line. A text that is not a line comes at once. */
  atWallMs(): number {
    return this.#pending.at(-1)?.line?.at ?? Number.POSITIVE_INFINITY;
  }

  take(): Decoded {
    const decoded = this.#pending.pop();
    if (decoded === undefined) throw new Error('no line is pending');
    this.next = this.#pending.length > 0 ? decoded.raw.at : this.#pieceEnd;
    return decoded;
  }

  async fill(): Promise<void> {
    while (this.#pending.length === 0 && this.#pieceEnd !== null) {
      const { lines, next } = await this.source.older(this.#pieceEnd);
      await setImmediate();
      this.#pending = lines.map((raw) => ({ raw, line: logLineOf(this.source.name, raw.at, raw.text) })).reverse();
      this.#pieceEnd = next;
      if (lines.length === 0) this.next = next;
    }
  }
}

async function newer(sources: readonly LogSource[], query: LogQuery, after: Cursor): Promise<Page> {
  const share = Math.max(1, Math.floor(query.limit / Math.max(1, sources.length)));
  const parts = await Promise.all(sources.map((source) => newerOf(source, query, after.get(source.name), share)));
  const lines = parts.flatMap((part) => part.lines).sort((one, other) => other.at - one.at);
  const cursor: Cursor = new Map(parts.map(({ name, next }) => [name, next]));
  return {
    lines,
    older: null,
    newer: cursorText(cursor.size > 0 ? cursor : START),
    has_newer: parts.some(({ hasMore }) => hasMore),
    read_to: null,
  };
}

interface NewerPart {
  readonly name: LogSourceName;
  /** The newest first. */
  readonly lines: readonly LogLine[];
  readonly next: Position;
  readonly hasMore: boolean;
}

async function newerOf(source: LogSource, query: LogQuery, from: Position | undefined, limit: number): Promise<NewerPart> {
  const { name } = source;
  let next = from ?? (await source.end());
  const lines: LogLine[] = [];
  let bytes = 0;
  for (;;) {
    const piece = await source.newer(next);
    await setImmediate();
    for (const { at, end, text } of piece.lines) {
      next = end;
      bytes += text.length;
      if (!mayPass(text, query)) continue;
      const line = logLineOf(name, at, text);
      if (line === null || !passes(line, query)) continue;
      lines.push(line);
      if (lines.length === limit) return { name, lines: lines.reverse(), next, hasMore: true };
    }
    ({ next } = piece);
    if (!piece.hasMore || bytes >= MAX_PAGE_BYTES) return { name, lines: lines.reverse(), next, hasMore: piece.hasMore };
  }
}

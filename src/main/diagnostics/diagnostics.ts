// Collects the diagnostics, keeps them for the user to read, and saves exactly these (ADR 0037).
import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { setImmediate } from 'node:timers/promises';
import type { Outcome } from '../../shared/api/app-api';
import { type DiagnosticsFile, type DiagnosticsPreview, logQuerySchema, MAX_LOG_LINES } from '../../shared/api/logs';
import type { SavedFile } from '../../shared/api/saved-file';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { DiagnosticsFact, DiagnosticsPort } from '../contracts/ports';
import { type SaveFile, savedFile } from '../contracts/saved-file';
import type { Clock } from '../platform/clock';
import { zipOf } from './archive';
import { type Private, textCleaner } from './core/anonymise';
import { factFile, lineText, readme, README_FILE, textFile, withinSize } from './core/collected';
import { LogReader } from './log-reader';
import type { LogSource } from './log-source';

export interface DiagnosticsOptions {
  readonly version: string;
  readonly sources: readonly LogSource[];
  readonly clock: Clock;
  /** Secrets of this program, such as the owner key, by which they are found in any text. */
  readonly secrets: () => Promise<readonly string[]>;
  /** Absent: this program has no screen. */
  readonly saveFile?: SaveFile;
}

/** The log files of the desktop app: the name before the number, in the folder of the logs. */
export const APP_LOG_FILES = [
  { source: 'app', base: 'desktop' },
  { source: 'scheduler', base: 'scheduler' },
] as const;

/** The newest lines of each source. */
const LINES_PER_SOURCE = 5000;
const MAX_LOG_BYTES = 1024 * 1024;
/** Lines that are cleaned in one turn of the event loop. */
const LINES_PER_TURN = 50;
const KEPT_MS = 10 * 60_000;

export interface Archive {
  /** The folder in the archive, and the name of its file without `.zip`. */
  readonly folder: string;
  readonly files: readonly DiagnosticsFile[];
  readonly bytes: Uint8Array;
}

interface Kept {
  readonly preview: DiagnosticsPreview;
  readonly madeWallMs: number;
  readonly atMonotonicMs: number;
}

export class Diagnostics implements DiagnosticsPort {
  readonly #options: DiagnosticsOptions;
  /** The last preview only: a page that shows an older one asks again. */
  #kept: Kept | null = null;

  constructor(options: DiagnosticsOptions) {
    this.#options = options;
  }

  async preview(facts: readonly DiagnosticsFact[]): Promise<Outcome<DiagnosticsPreview>> {
    const { clock } = this.#options;
    const madeWallMs = clock.wallMs();
    const preview = { id: randomBytes(12).toString('hex'), files: [...(await this.#collect(facts, madeWallMs))] };
    this.#kept = { preview, madeWallMs, atMonotonicMs: clock.monotonicMs() };
    return ok(preview);
  }

  /** The archive at once. `others`: files that another program of Muster collected. */
  async archive(facts: readonly DiagnosticsFact[], others: readonly DiagnosticsFile[]): Promise<Archive> {
    const madeWallMs = this.#options.clock.wallMs();
    const folder = archiveName(madeWallMs);
    const files = withinSize([...(await this.#collect(facts, madeWallMs)), ...others]);
    return { folder, files, bytes: await zipOf(folder, files) };
  }

  async #collect(facts: readonly DiagnosticsFact[], madeWallMs: number): Promise<readonly DiagnosticsFile[]> {
    const { version, secrets } = this.#options;
    const clean = textCleaner({ ...ownPrivate(), secrets: await secrets() });
    const files: DiagnosticsFile[] = [textFile(README_FILE, readme(version, new Date(madeWallMs).toISOString()))];
    for (const fact of facts) {
      files.push(factFile(fact, clean));
      await setImmediate();
    }
    for (const source of this.#options.sources) {
      const file = await logFile(source, clean);
      if (file.bytes > 0) files.push(file);
    }
    return withinSize(files);
  }

  async save(id: string): Promise<Outcome<SavedFile>> {
    const kept = this.#keptAs(id);
    if (kept === null) return failure('NOT_FOUND', { id });
    const folder = archiveName(kept.madeWallMs);
    const bytes = await zipOf(folder, kept.preview.files);
    return savedFile(this.#options.saveFile ?? null, `${folder}.zip`, bytes);
  }

  #keptAs(id: string): Kept | null {
    const kept = this.#kept;
    if (kept === null || this.#options.clock.monotonicMs() - kept.atMonotonicMs > KEPT_MS) this.#kept = null;
    return this.#kept?.preview.id === id ? this.#kept : null;
  }
}

/** Such as `muster-diagnostics-2026-11-30-021530`. */
const archiveName = (madeWallMs: number): string =>
  `muster-diagnostics-${new Date(madeWallMs).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '')}`;

function ownPrivate(): Omit<Private, 'secrets'> {
  try {
    const { username, homedir } = userInfo();
    return { userName: username, homeDir: homedir, hostName: hostname() };
  } catch {
    // A container may run as a user without a name.
    return { userName: '', homeDir: '', hostName: hostname() };
  }
}

/** The newest lines, in the order in which they were written. */
async function logFile(source: LogSource, clean: (text: string) => string): Promise<DiagnosticsFile> {
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
      if (bytes <= MAX_LOG_BYTES) newestFirst.push(text);
    }
    before = page.value.older;
    await setImmediate();
  } while (before !== null && newestFirst.length < LINES_PER_SOURCE && bytes < MAX_LOG_BYTES);
  return textFile(`log-${source.name}.jsonl`, newestFirst.reverse().join(''));
}

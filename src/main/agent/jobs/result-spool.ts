// Stores unacknowledged results on disk (mode 0600), each with its scheduler, so that neither a lost connection nor a killed program
// loses them. The spool is bounded in bytes and evicts results of other schedulers first.
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { codeOfError } from '../../../shared/errors';
import { parseJsonAs } from '../../../shared/json';
import { jobResultSchema } from '../../../shared/protocol/node-messages';
import type { Clock } from '../../platform/clock';
import { replaceFile } from '../../platform/atomic-file';
import type { Logger } from '../../platform/logger';
import type { JobKey } from '../core/assignment';
import { CORRUPT, removeOldCorrupt } from './corrupt-results';
import { isInChunks, type ResultFacts } from './result-frame';

export interface SpooledResult extends ResultFacts {
  readonly schedulerUrl: string;
  /** Without its chunks the result has no content. */
  readonly isInChunks: boolean;
  /** The frame. Null: the frame is on disk. */
  readonly text: string | null;
  readonly file: string;
  readonly bytes: number;
}

/** A result that is only in memory. */
type UnsavedResult = SpooledResult & { readonly text: string };

/** The outcome of `save` and `hold`. */
interface Kept {
  readonly result: SpooledResult;
  /** Why the write failed, so that the result is only in memory. */
  readonly unsaved: string | null;
  /** Results of other schedulers that were deleted. */
  readonly evicted: readonly SpooledResult[];
}

type KeptFacts = ResultFacts & Pick<SpooledResult, 'isInChunks'>;

const MAX_SPOOL_BYTES = 512 * 1024 * 1024;
/** Results that could not be written are kept in memory, up to this limit. */
const MAX_UNSAVED_BYTES = 64 * 1024 * 1024;

const fileSchema = z.object({ version: z.literal(1), scheduler_url: z.string(), result: jobResultSchema });

export interface ResultSpoolOptions {
  readonly folder: string;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly logger: Logger;
}

export class ResultSpool {
  readonly #options: ResultSpoolOptions;
  readonly #results = new Map<string, SpooledResult>();

  constructor(options: ResultSpoolOptions) {
    this.#options = options;
    for (const result of readSpool(options)) this.#results.set(result.file, result);
  }

  resultsFor(schedulerUrl: string): readonly SpooledResult[] {
    return [...this.#results.values()].filter((result) => result.schedulerUrl === schedulerUrl);
  }

  /** A result that is not kept yet. */
  entryOf(facts: KeptFacts, schedulerUrl: string, text: string): UnsavedResult {
    const file = path.join(this.#options.folder, nameOf(schedulerUrl, facts));
    return { ...facts, schedulerUrl, file, bytes: Buffer.byteLength(text), text };
  }

  /** Whether the result is still unacknowledged. */
  has(result: SpooledResult): boolean {
    return this.#results.get(result.file) === result;
  }

  /** Whether there is space for another result. */
  hasCapacity(): boolean {
    const all = [...this.#results.values()];
    const unsaved = all.filter(({ text }) => text !== null);
    return sumBytes(all) < MAX_SPOOL_BYTES && sumBytes(unsaved) < MAX_UNSAVED_BYTES;
  }

  /** Writes the result to disk. When the write fails, the result is kept in memory and the failure is logged. */
  async save(entry: UnsavedResult): Promise<Kept> {
    const evicted = this.#evictOthers(entry.schedulerUrl);
    const unsaved = await write(entry);
    const result = unsaved === null ? { ...entry, text: null } : entry;
    this.#results.set(entry.file, result);
    if (unsaved !== null) this.#options.logger.log('error', 'result_not_saved', { ...fieldsOf(entry), reason: unsaved });
    return { result, unsaved, evicted };
  }

  /** Keeps the result in memory. `saveUnsaved` writes it to disk, if it is still unacknowledged then. */
  hold(entry: UnsavedResult): Kept {
    const evicted = this.#evictOthers(entry.schedulerUrl);
    this.#results.set(entry.file, entry);
    return { result: entry, unsaved: null, evicted };
  }

  /** Whether a result is only in memory. */
  get hasUnsaved(): boolean {
    return [...this.#results.values()].some(({ text }) => text !== null);
  }

  /** Writes the results that are only in memory, until a write fails. */
  async saveUnsaved(): Promise<void> {
    for (const result of [...this.#results.values()]) {
      if (!isUnsaved(result) || !this.has(result)) continue;
      if ((await write(result)) !== null) return;
      // Acknowledged while it was being written: nothing else would delete the file.
      if (!this.#results.has(result.file)) rmSync(result.file, { force: true });
      if (!this.has(result)) continue;
      this.#results.set(result.file, { ...result, text: null });
      this.#options.logger.log('info', 'result_saved', fieldsOf(result));
    }
  }

  /** The frame to send. Null: the result was deleted, or its file is missing or damaged (logged). */
  async textOf(result: SpooledResult): Promise<string | null> {
    const { text, file, jobId, attempt } = result;
    if (text !== null) return text;
    try {
      return JSON.stringify(parseJsonAs(fileSchema, await readFile(file, 'utf8')).result);
    } catch (error) {
      if (this.has(result))
        this.#options.logger.log('error', 'result_unreadable', { file, job_id: jobId, attempt, reason: reasonOf(error) });
      return null;
    }
  }

  delete({ file }: SpooledResult): void {
    const isOnDisk = this.#results.get(file)?.text === null;
    this.#results.delete(file);
    if (!isOnDisk) return;
    try {
      rmSync(file, { force: true });
    } catch (error) {
      // After the next start the result is sent again and acknowledged again.
      this.#options.logger.log('warn', 'result_not_deleted', { file, reason: reasonOf(error) });
    }
  }

  /** Deletes results of other schedulers until there is space. Returns the deleted results. */
  #evictOthers(schedulerUrl: string): readonly SpooledResult[] {
    const evicted: SpooledResult[] = [];
    for (const result of [...this.#results.values()].filter((one) => one.schedulerUrl !== schedulerUrl)) {
      if (this.hasCapacity()) break;
      this.delete(result);
      evicted.push(result);
      this.#options.logger.log('warn', 'result_dropped', { ...fieldsOf(result), scheduler_url: result.schedulerUrl });
    }
    return evicted;
  }
}

/** Resolves to the reason why the result is not on disk, or null. */
const write = ({ file, schedulerUrl, text }: UnsavedResult): Promise<string | null> =>
  replaceFile(file, `{"version":1,"scheduler_url":${JSON.stringify(schedulerUrl)},"result":${text}}`);

const isUnsaved = (result: SpooledResult): result is UnsavedResult => result.text !== null;

/** A readable file name inside the folder, for any job id: a job id may contain any character. */
function nameOf(schedulerUrl: string, { jobId, attempt }: JobKey): string {
  const digest = hash('sha256', `${schedulerUrl}\n${jobId}`).slice(0, 16);
  return `${jobId.replaceAll(/[^A-Za-z0-9_-]/g, '_').slice(0, 64)}-${String(attempt)}-${digest}.json`;
}

function readSpool({ folder, logger, clock }: ResultSpoolOptions): readonly SpooledResult[] {
  let names: readonly string[];
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    names = readdirSync(folder).toSorted();
    removeOldCorrupt(folder, names, clock.wallMs());
  } catch (error) {
    logger.log('error', 'results_unreadable', { folder, reason: reasonOf(error) });
    return [];
  }
  return names.flatMap((name) => {
    const file = path.join(folder, name);
    // A temporary file that a crash left: its result is incomplete.
    if (name.endsWith('.tmp')) rmSync(file, { force: true });
    return name.endsWith('.json') ? (readResult(file, logger) ?? []) : [];
  });
}

function readResult(file: string, logger: Logger): SpooledResult | null {
  try {
    const text = readFileSync(file, 'utf8');
    const { scheduler_url: schedulerUrl, result } = parseJsonAs(fileSchema, text);
    return {
      jobId: result.job_id,
      attempt: result.attempt,
      nodeId: result.node_id,
      traceId: result.trace_id,
      processingTimeMs: result.processing_time_ms,
      isInChunks: isInChunks(result.output),
      schedulerUrl,
      text: null,
      file,
      bytes: Buffer.byteLength(text),
    };
  } catch (error) {
    logger.log('error', 'result_unreadable', { file, reason: reasonOf(error) });
    moveAside(file);
    return null;
  }
}

function moveAside(file: string): void {
  try {
    renameSync(file, `${file}${CORRUPT}`);
  } catch {
    // The file stays and is reported again at the next start.
  }
}

const fieldsOf = ({ jobId, attempt, bytes }: Pick<SpooledResult, 'jobId' | 'attempt' | 'bytes'>) => ({ job_id: jobId, attempt, bytes });
const sumBytes = (results: readonly SpooledResult[]): number => results.reduce((total, { bytes }) => total + bytes, 0);
// The log must not repeat the content: it is a user's data.
const reasonOf = (error: unknown): string => codeOfError(error) ?? 'not a result';

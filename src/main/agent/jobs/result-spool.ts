// Results that wait for their acknowledgement, on disk (0600) so that neither a lost connection nor a killed program loses them,
// each with the scheduler it is for. Bounded in bytes; those of schedulers not seen any more give way first.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { jobResultSchema } from '../../../shared/protocol/node-messages';
import type { Clock } from '../../platform/clock';
import { replaceFile } from '../../platform/atomic-file';
import type { Logger } from '../../platform/logger';
import type { JobKey } from '../core/assignment';
import { CORRUPT, removeOldCorrupt } from './corrupt-results';
import type { ResultFacts } from './result-text';
import { isInChunks } from '../core/result-frame';

export interface SpooledResult extends ResultFacts {
  readonly schedulerUrl: string;
  /** Whether it is worth nothing without its chunks. */
  readonly isInChunks: boolean;
  /** The frame; null: it is on disk. */
  readonly text: string | null;
  readonly file: string;
  readonly bytes: number;
}

/** What became of a result that was to be kept. */
interface Saved {
  readonly result: SpooledResult;
  /** Why it is in memory alone; null: it is on disk. */
  readonly unsaved: string | null;
  /** Results of other schedulers that gave way. */
  readonly dropped: readonly SpooledResult[];
}

type KeptFacts = ResultFacts & Pick<SpooledResult, 'isInChunks'>;

const MAX_SPOOL_BYTES = 512 * 1024 * 1024;
/** What could not be written is kept in memory, and that is worth less. */
const MAX_UNSAVED_BYTES = 64 * 1024 * 1024;

const fileSchema = z.object({ version: z.literal(1), scheduler_url: z.string(), result: jobResultSchema });

export interface ResultSpoolOptions {
  readonly folder: string;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly logger: Logger;
}

export class ResultSpool {
  private readonly results = new Map<string, SpooledResult>();

  constructor(private readonly options: ResultSpoolOptions) {
    for (const result of readSpool(options)) this.results.set(result.file, result);
  }

  of(schedulerUrl: string): readonly SpooledResult[] {
    return [...this.results.values()].filter((result) => result.schedulerUrl === schedulerUrl);
  }

  /** Where the result of this attempt is kept. */
  fileOf(schedulerUrl: string, key: JobKey): string {
    return path.join(this.options.folder, nameOf(schedulerUrl, key));
  }

  /** Whether it still waits. */
  has(result: SpooledResult): boolean {
    return this.results.get(result.file) === result;
  }

  /** Whether one more may be kept. */
  hasRoom(): boolean {
    const all = [...this.results.values()];
    const unsaved = all.filter(({ text }) => text !== null);
    return sumBytes(all) < MAX_SPOOL_BYTES && sumBytes(unsaved) < MAX_UNSAVED_BYTES;
  }

  /** Writes it to disk; where that fails it is kept in memory, and the log says so. */
  async save(facts: KeptFacts, schedulerUrl: string, text: string): Promise<Saved> {
    const { logger } = this.options;
    const file = this.fileOf(schedulerUrl, facts);
    const entry = { ...facts, schedulerUrl, file, bytes: Buffer.byteLength(text) };
    const dropped = this.makeRoom(schedulerUrl);
    const unsaved = await write(entry, text);
    const result = { ...entry, text: unsaved === null ? null : text };
    this.results.set(file, result);
    if (unsaved !== null) logger.log('error', 'result_not_saved', { ...fieldsOf(entry), reason: unsaved });
    return { result, unsaved, dropped };
  }

  /** Whether a result is in memory alone. */
  get hasUnsaved(): boolean {
    return [...this.results.values()].some(({ text }) => text !== null);
  }

  /** Writes what is in memory alone, as far as the disk takes it now. */
  async saveAgain(): Promise<void> {
    for (const result of [...this.results.values()]) {
      if (result.text === null || !this.has(result)) continue;
      if ((await write(result, result.text)) !== null) return;
      // Acknowledged while it was written: nobody would ever delete it.
      if (!this.results.has(result.file)) rmSync(result.file, { force: true });
      if (!this.has(result)) continue;
      this.results.set(result.file, { ...result, text: null });
      this.options.logger.log('info', 'result_saved', fieldsOf(result));
    }
  }

  /** The frame to send; null: it was deleted in the meantime, or its file is gone or damaged, which the log says. */
  async textOf(result: SpooledResult): Promise<string | null> {
    const { text, file, jobId, attempt } = result;
    if (text !== null) return text;
    try {
      return JSON.stringify(fileSchema.parse(JSON.parse(await readFile(file, 'utf8'))).result);
    } catch (error) {
      if (this.has(result))
        this.options.logger.log('error', 'result_unreadable', { file, job_id: jobId, attempt, reason: reasonOf(error) });
      return null;
    }
  }

  delete({ file }: SpooledResult): void {
    this.results.delete(file);
    try {
      rmSync(file, { force: true });
    } catch (error) {
      // It is told again after the next start, and acknowledged again.
      this.options.logger.log('warn', 'result_not_deleted', { file, reason: reasonOf(error) });
    }
  }

  /** What gave way. */
  private makeRoom(schedulerUrl: string): readonly SpooledResult[] {
    const dropped: SpooledResult[] = [];
    for (const result of [...this.results.values()].filter((one) => one.schedulerUrl !== schedulerUrl)) {
      if (this.hasRoom()) break;
      this.delete(result);
      dropped.push(result);
      this.options.logger.log('warn', 'result_dropped', { ...fieldsOf(result), scheduler_url: result.schedulerUrl });
    }
    return dropped;
  }
}

/** Resolves to why it is not on disk, or null. */
const write = ({ file, schedulerUrl }: Pick<SpooledResult, 'file' | 'schedulerUrl'>, text: string): Promise<string | null> =>
  replaceFile(file, `{"version":1,"scheduler_url":${JSON.stringify(schedulerUrl)},"result":${text}}`);

/** Readable, and nobody's choice: a job id may hold anything. */
function nameOf(schedulerUrl: string, { jobId, attempt }: JobKey): string {
  const digest = createHash('sha256').update(`${schedulerUrl}\n${jobId}`).digest('hex').slice(0, 16);
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
    // A draft that a crash left: its result was not whole.
    if (name.endsWith('.tmp')) rmSync(file, { force: true });
    return name.endsWith('.json') ? (readResult(file, logger) ?? []) : [];
  });
}

function readResult(file: string, logger: Logger): SpooledResult | null {
  try {
    const text = readFileSync(file, 'utf8');
    const { scheduler_url: schedulerUrl, result } = fileSchema.parse(JSON.parse(text));
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
    // It stays, and is told again at the next start.
  }
}

const fieldsOf = ({ jobId, attempt, bytes }: Pick<SpooledResult, 'jobId' | 'attempt' | 'bytes'>) => ({ job_id: jobId, attempt, bytes });
const sumBytes = (results: readonly SpooledResult[]): number => results.reduce((total, { bytes }) => total + bytes, 0);
// No word of the content: it is somebody's answer.
const reasonOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : 'not a result');

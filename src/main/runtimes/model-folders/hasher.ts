// Computes checksums in the background, one file at a time and once per version of a file. A call answers immediately, from the cache or
// with the progress.
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import { codeOfError } from '../../../shared/errors';
import type { Logger } from '../../platform/logger';
import type { FileStat } from './file-stat';
import type { HashCache } from './hash-cache';

export type PresentFile = Extract<FileStat, { kind: 'present' }>;

/** Reads a file in chunks and ends when `signal` is aborted. Tests count its calls. */
export type ReadChunks = (file: string, signal: AbortSignal) => AsyncIterable<Uint8Array>;

export type HashProgress =
  | { readonly state: 'done'; readonly sha256: string }
  | { readonly state: 'pending'; readonly hashedBytes: number }
  | { readonly state: 'failed'; readonly code: string };

export interface HasherOptions {
  readonly cache: HashCache;
  readonly logger: Logger;
  /** The file's key after it was read. A changed key means that the file was written while it was read. */
  readonly currentKey: (realPath: string) => Promise<string | null>;
  /** Called when the queue is empty. */
  readonly onIdle: () => void;
  readonly readChunks?: ReadChunks;
}

interface Job {
  readonly file: PresentFile;
  hashedBytes: number;
  readonly abort: AbortController;
}

export class Hasher {
  readonly #options: HasherOptions;
  readonly #queue: Job[] = [];
  readonly #failures = new Map<string, string>();
  #running: Job | null = null;
  #unsavedBytes = 0;
  #closed = false;

  constructor(options: HasherOptions) {
    this.#options = options;
  }

  /** The checksum of this version of the file, or the progress. Starts the computation when needed. */
  ask(file: PresentFile): HashProgress {
    const sha256 = this.#options.cache.get(file.key);
    if (sha256 !== null) return { state: 'done', sha256 };
    const code = this.#failures.get(file.key);
    if (code !== undefined) return { state: 'failed', code };
    const known = this.#jobs().find((job) => job.file.key === file.key);
    if (known !== undefined) return { state: 'pending', hashedBytes: known.hashedBytes };
    this.#queue.push({ file, hashedBytes: 0, abort: new AbortController() });
    if (this.#running === null) void this.#work();
    return { state: 'pending', hashedBytes: 0 };
  }

  /** Unreadable files may be readable now. */
  forgetFailures(): void {
    this.#failures.clear();
  }

  /** Aborts the computation for all other versions of files. */
  keepOnly(keys: ReadonlySet<string>): void {
    for (const job of this.#jobs()) if (!keys.has(job.file.key)) job.abort.abort();
    for (const key of this.#failures.keys()) if (!keys.has(key)) this.#failures.delete(key);
  }

  close(): void {
    this.#closed = true;
    for (const job of this.#jobs()) job.abort.abort();
  }

  #jobs(): readonly Job[] {
    return this.#running === null ? this.#queue : [this.#running, ...this.#queue];
  }

  async #work(): Promise<void> {
    for (let job = this.#queue.shift(); job !== undefined; job = this.#queue.shift()) {
      this.#running = job;
      if (!job.abort.signal.aborted) await this.#hash(job);
      this.#running = null;
    }
    this.#save();
    if (!this.#closed) this.#options.onIdle();
  }

  #save(): void {
    if (this.#unsavedBytes === 0) return;
    this.#unsavedBytes = 0;
    const reason = this.#options.cache.save();
    if (reason !== null) this.#options.logger.log('warn', 'model_hash_cache_not_saved', { reason });
  }

  async #hash(job: Job): Promise<void> {
    const { cache, logger, currentKey } = this.#options;
    const { realPath, key } = job.file;
    const hash = createHash('sha256');
    try {
      for await (const chunk of (this.#options.readChunks ?? readFileChunks)(realPath, job.abort.signal)) {
        hash.update(chunk);
        job.hashedBytes += chunk.length;
      }
      if (job.abort.signal.aborted) return;
      // The file was written while it was read, so the digest belongs to no version. The next scan requests the new version.
      if ((await currentKey(realPath)) !== key) return;
      cache.set(key, hash.digest('hex'));
      this.#unsavedBytes += job.hashedBytes + 1;
      if (this.#unsavedBytes > SAVE_AFTER_BYTES) this.#save();
    } catch (error) {
      if (job.abort.signal.aborted) return;
      const code = codeOfError(error) ?? 'unknown';
      this.#failures.set(key, code);
      logger.log('warn', 'model_file_unreadable', { file: realPath, code });
    }
  }
}

/** The cache is saved after this many hashed bytes, so that a crash loses little work. */
const SAVE_AFTER_BYTES = 256 * 1024 * 1024;

const CHUNK_BYTES = 1024 * 1024;

/** One megabyte at a time: hashing blocks the event loop for about a millisecond. */
async function* readFileChunks(file: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    while (!signal.aborted) {
      const { bytesRead } = await handle.read(buffer, 0, CHUNK_BYTES);
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

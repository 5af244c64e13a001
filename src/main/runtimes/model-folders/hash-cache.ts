// Caches computed checksums by path, size, mtime and inode, so that large files are read once. The cache is in memory and in a file of
// the state folder. If that file cannot be read or written, checksums are computed again.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOfError } from '../../../shared/errors';
import { parseJsonAs } from '../../../shared/json';
import { writeFileAtomic } from '../../platform/atomic-file';

const MAX_ENTRIES = 8192;

const cacheSchema = z.object({
  version: z.literal(1),
  files: z.array(z.tuple([z.string().max(8192), z.string().regex(/^[0-9a-f]{64}$/)])).max(MAX_ENTRIES),
});

export class HashCache {
  readonly #file: string | null;
  /** In order of insertion: the newest is the last. */
  readonly #digests: Map<string, string>;

  /** `file` null: memory only. */
  constructor(file: string | null) {
    this.#file = file;
    this.#digests = new Map(file === null ? [] : readCache(file));
  }

  get(key: string): string | null {
    return this.#digests.get(key) ?? null;
  }

  set(key: string, sha256: string): void {
    this.#digests.delete(key);
    this.#digests.set(key, sha256);
    for (const oldest of this.#digests.keys()) {
      if (this.#digests.size <= MAX_ENTRIES) break;
      this.#digests.delete(oldest);
    }
  }

  /** Writes the file. Returns the reason of a failure, or null. */
  save(): string | null {
    if (this.#file === null) return null;
    try {
      writeFileAtomic(this.#file, JSON.stringify({ version: 1, files: [...this.#digests] }));
      return null;
    } catch (error) {
      return messageOfError(error);
    }
  }
}

function readCache(file: string): readonly (readonly [string, string])[] {
  try {
    return parseJsonAs(cacheSchema, readFileSync(file, 'utf8')).files;
  } catch {
    return [];
  }
}

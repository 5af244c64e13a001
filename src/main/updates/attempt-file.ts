// `update.json` in the state folder: the version that the last installation should have brought. The next start compares it with its own
// version, because an installer outlives the program that started it.
import { readFileSync, rmSync, statSync } from 'node:fs';
import { z } from 'zod';
import { parseJson } from '../../shared/json';
import { writeFileAtomic } from '../platform/atomic-file';

const MAX_FILE_BYTES = 4096;
const fileSchema = z.object({ version: z.literal(1), installing: z.string().max(64) });

export class AttemptFile {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Throws errors of the file system. */
  write(version: string): void {
    writeFileAtomic(this.#file, JSON.stringify({ version: 1, installing: version } satisfies z.input<typeof fileSchema>));
  }

  /** The version of the last attempt, which is forgotten. Null: there was none, or the file cannot be read. */
  take(): string | null {
    const version = this.#read();
    try {
      rmSync(this.#file, { force: true });
    } catch {
      // It is compared again at the next start.
    }
    return version;
  }

  #read(): string | null {
    try {
      if (statSync(this.#file).size > MAX_FILE_BYTES) return null;
      const parsed = fileSchema.safeParse(parseJson(readFileSync(this.#file, 'utf8')));
      return parsed.success ? parsed.data.installing : null;
    } catch {
      return null;
    }
  }
}

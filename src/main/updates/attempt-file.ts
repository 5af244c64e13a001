// `update.json` in the state folder: the version that the last installation should have brought, and why it failed. The next start compares
// the version with its own, because an installer outlives the program that started it.
import { readFileSync, rmSync, statSync } from 'node:fs';
import { z } from 'zod';
import { MAX_REASON_LENGTH, UPDATE_FAULTS } from '../../shared/api/update';
import { parseJson } from '../../shared/json';
import { writeFileAtomic } from '../platform/atomic-file';

const MAX_FILE_BYTES = 4096;
const failureSchema = z.object({ fault: z.enum(UPDATE_FAULTS), reason: z.string().max(MAX_REASON_LENGTH) });
const fileSchema = z.object({ version: z.literal(1), installing: z.string().max(64), failure: failureSchema.optional() });

export type AttemptFailure = z.infer<typeof failureSchema>;

export interface Attempt {
  readonly version: string;
  /** Null: the installer did not report a failure. */
  readonly failure: AttemptFailure | null;
}

export class AttemptFile {
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  /** Throws errors of the file system. */
  write(version: string, failure?: AttemptFailure): void {
    const cut = failure && { ...failure, reason: failure.reason.slice(0, MAX_REASON_LENGTH) };
    writeFileAtomic(this.#file, JSON.stringify({ version: 1, installing: version, failure: cut } satisfies z.input<typeof fileSchema>));
  }

  /** The last attempt, which is forgotten. Null: there was none, or the file cannot be read. */
  take(): Attempt | null {
    const attempt = this.#read();
    try {
      rmSync(this.#file, { force: true });
    } catch {
      // It is compared again at the next start.
    }
    return attempt;
  }

  #read(): Attempt | null {
    try {
      if (statSync(this.#file).size > MAX_FILE_BYTES) return null;
      const parsed = fileSchema.safeParse(parseJson(readFileSync(this.#file, 'utf8')));
      return parsed.success ? { version: parsed.data.installing, failure: parsed.data.failure ?? null } : null;
    } catch {
      return null;
    }
  }
}

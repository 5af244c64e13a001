// The pool that the owner chose for this computer, and the file that stores the choice (mode 0600: it may hold a key).
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { codeOfError, reasonOfError } from '../../shared/errors';
import { parseJsonObject, validate } from '../../shared/protocol/decode';
import { writeFileAtomic } from '../platform/atomic-file';
import type { Logger } from '../platform/logger';

/** The content of the file. */
const storedChoiceSchema = z.discriminatedUnion('mode', [
  z.object({ mode: z.literal('host'), scope: z.enum(['this_computer', 'lan']) }),
  z.object({ mode: z.literal('joined'), address: z.string().min(1).max(1024), join_token: z.string().max(256).nullable() }),
  z.object({ mode: z.literal('none') }),
]);
type StoredChoice = z.infer<typeof storedChoiceSchema>;

export type AppChoice =
  | { readonly mode: 'host'; readonly scope: 'this_computer' | 'lan' }
  | { readonly mode: 'joined'; readonly address: string; readonly joinToken: string | null }
  | { readonly mode: 'none' };

const choiceOf = (stored: StoredChoice): AppChoice =>
  stored.mode === 'joined' ? { mode: 'joined', address: stored.address, joinToken: stored.join_token } : stored;

const toStoredChoice = (choice: AppChoice): StoredChoice =>
  choice.mode === 'joined' ? { mode: 'joined', address: choice.address, join_token: choice.joinToken } : choice;

/** The choice of a new installation: the configured scheduler, else a new pool on this computer. */
export function firstChoice(schedulerUrl: string | null, joinToken: string | null): AppChoice {
  return schedulerUrl === null ? { mode: 'host', scope: 'this_computer' } : { mode: 'joined', address: schedulerUrl, joinToken };
}

export class ChoiceStore {
  readonly #file: string;
  readonly #logger: Logger;

  constructor(file: string, logger: Logger) {
    this.#file = file;
    this.#logger = logger;
  }

  /** The stored choice; null on a first run, and when the file is invalid. */
  async load(): Promise<AppChoice | null> {
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch (error) {
      if (codeOfError(error) !== 'ENOENT')
        this.#logger.log('warn', 'app_choice_unreadable', { file: this.#file, reason: reasonOfError(error) });
      return null;
    }
    const parsed = parseJsonObject(text);
    const choice = parsed.ok ? validate(parsed.value, storedChoiceSchema) : parsed;
    if (choice.ok) return choiceOf(choice.value);
    this.#logger.log('warn', 'app_choice_unreadable', { file: this.#file, field: choice.error.field, reason: choice.error.reason });
    return null;
  }

  /** A failed write is logged. The choice applies to this run in any case. */
  save(choice: AppChoice): void {
    try {
      writeFileAtomic(this.#file, `${JSON.stringify(toStoredChoice(choice), null, 2)}\n`);
    } catch (error) {
      this.#logger.log('error', 'app_choice_not_saved', { file: this.#file, reason: reasonOfError(error) });
    }
  }
}

// The pool that the owner chose for this computer, and the file that stores the choice (mode 0600: it may hold a key).
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { codeOfError, reasonOfError } from '../../shared/errors';
import { parseJsonObject, validate } from '../../shared/protocol/decode';
import { writeFileAtomic } from '../platform/atomic-file';
import type { HostSettings } from '../contracts/ports';
import { type JoinedPool, joinedPoolSchema, poolUrlOf } from '../joining/core/joined-pool';
import type { Logger } from '../platform/logger';

/** The content of the file. */
export const storedChoiceSchema = z.discriminatedUnion('mode', [
  z.object({
    mode: z.literal('host'),
    scope: z.enum(['this_computer', 'lan']),
    plain_http_api: z.boolean().optional(),
    announce: z.boolean().optional(),
  }),
  z.object({
    mode: z.literal('joined'),
    address: z.string().min(1).max(1024),
    join_token: z.string().max(256).nullable(),
    /** A pool that is known by its pin. Absent: it was joined with an address. */
    pool: joinedPoolSchema.optional(),
  }),
  z.object({ mode: z.literal('none') }),
]);
type StoredChoice = z.infer<typeof storedChoiceSchema>;

/** An absent setting is as configured. */
export type HostChoice = { readonly mode: 'host' } & HostSettings;
export type JoinedChoice =
  | { readonly mode: 'joined'; readonly address: string; readonly joinToken: string | null }
  /** By digits or an invitation. The agent follows the pool to other addresses. */
  | { readonly mode: 'joined_pool'; readonly pool: JoinedPool };
export type AppChoice = HostChoice | JoinedChoice | { readonly mode: 'none' };

export function choiceOf(stored: StoredChoice): AppChoice {
  switch (stored.mode) {
    case 'host':
      return { mode: 'host', scope: stored.scope, plainHttpApi: stored.plain_http_api, announce: stored.announce };
    case 'joined':
      if (stored.pool !== undefined) return { mode: 'joined_pool', pool: stored.pool };
      return { mode: 'joined', address: stored.address, joinToken: stored.join_token };
    case 'none':
      return stored;
  }
}

export function toStoredChoice(choice: AppChoice): StoredChoice {
  switch (choice.mode) {
    case 'host':
      return { mode: 'host', scope: choice.scope, plain_http_api: choice.plainHttpApi, announce: choice.announce };
    case 'joined':
      return { mode: 'joined', address: choice.address, join_token: choice.joinToken };
    case 'joined_pool': {
      const { addresses, port, pin, credential } = choice.pool;
      // An earlier version of the app reads these two.
      const address = `${poolUrlOf(addresses[0] ?? '', port)}#pin=${pin}`;
      return { mode: 'joined', address, join_token: credential, pool: choice.pool };
    }
    case 'none':
      return choice;
  }
}

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

export const settingsOf = ({ scope, plainHttpApi, announce }: HostChoice): HostSettings => ({ scope, plainHttpApi, announce });

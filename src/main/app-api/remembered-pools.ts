// The pools that this computer has belonged to, in `pools.json` (mode 0600: it may hold keys). Bounded: the pool that was used longest ago is
// forgotten first. The own pool is kept apart, with its last settings.
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { hostAndPort } from '../../shared/api/join-link';
import { MAX_REMEMBERED_POOLS, type RememberedPoolView } from '../../shared/api/remembered-pools';
import { codeOfError, reasonOfError } from '../../shared/errors';
import { parseJsonObject, validate } from '../../shared/protocol/decode';
import type { HostSettings } from '../contracts/ports';
import { toClaim } from '../joining/core/join-messages';
import { writeFileAtomic } from '../platform/atomic-file';
import type { Logger } from '../platform/logger';
import { choiceOf, type AppChoice, type HostChoice, type JoinedChoice, storedChoiceSchema, toStoredChoice } from './app-choice';
import { placeOf, rememberedIdOf } from './joined-choice';

const entrySchema = z.object({
  choice: storedChoiceSchema,
  /** As the pool calls itself. Null: not known yet. */
  name: z.string().max(256).nullable(),
  /** Null: tried, and never used. */
  last_used_at: z.number().nullable(),
});
/** The entries are decoded one by one, so that a damaged one costs no other pool its key. */
const fileSchema = z.object({ version: z.literal(1), pools: z.array(z.unknown()).max(2 * MAX_REMEMBERED_POOLS) });

interface Entry<Choice> {
  readonly choice: Choice;
  readonly name: string | null;
  readonly lastUsedAtWallMs: number | null;
}

export const OWN_POOL_ID = 'own';

export class RememberedPools {
  readonly #file: string;
  readonly #logger: Logger;
  #own: Entry<HostChoice> | null = null;
  /** The pool that was used last is the first, and pools that were never used are the last. */
  #joined: readonly Entry<JoinedChoice>[] = [];

  constructor(file: string, logger: Logger) {
    this.#file = file;
    this.#logger = logger;
    for (const { choice: stored, name, last_used_at: lastUsedAtWallMs } of this.#read()) {
      const choice = choiceOf(stored);
      if (choice.mode === 'host') this.#own ??= { choice, name, lastUsedAtWallMs };
      else if (choice.mode !== 'none') this.#joined = [...this.#joined, { choice, name, lastUsedAtWallMs }].slice(0, MAX_REMEMBERED_POOLS);
    }
  }

  /** This computer now belongs to the pool. The name stays until the pool reports another one. Returns the pools that were forgotten. */
  remember(choice: HostChoice | JoinedChoice, nowWallMs: number): readonly JoinedChoice[] {
    if (choice.mode === 'host') {
      this.#own = { choice, name: this.#own?.name ?? null, lastUsedAtWallMs: nowWallMs };
      this.#write();
      return [];
    }
    const before = this.#entryOf(choice);
    const others = this.#joined.filter((entry) => entry !== before);
    return this.#keep([{ choice, name: before?.name ?? null, lastUsedAtWallMs: nowWallMs }, ...others], choice);
  }

  /** This computer tries the pool: a new key must not be lost, and the last use stays. Returns the pools that were forgotten. */
  rememberTried(choice: JoinedChoice): readonly JoinedChoice[] {
    const before = this.#entryOf(choice);
    const tried = { choice, name: before?.name ?? null, lastUsedAtWallMs: before?.lastUsedAtWallMs ?? null };
    const pools = before === undefined ? [...this.#joined, tried] : this.#joined.map((entry) => (entry === before ? tried : entry));
    return this.#keep(pools, choice);
  }

  /** The pool reported this as its name. */
  rename(choice: HostChoice | JoinedChoice, claim: string): void {
    const name = toClaim(claim);
    if (name === null) return;
    if (choice.mode === 'host') {
      if (this.#own === null || this.#own.name === name) return;
      this.#own = { ...this.#own, name };
    } else {
      const id = rememberedIdOf(choice);
      if (!this.#joined.some((entry) => rememberedIdOf(entry.choice) === id && entry.name !== name)) return;
      this.#joined = this.#joined.map((entry) => (rememberedIdOf(entry.choice) === id ? { ...entry, name } : entry));
    }
    this.#write();
  }

  joined(id: string): JoinedChoice | null {
    return this.#joined.find(({ choice }) => rememberedIdOf(choice) === id)?.choice ?? null;
  }

  /** The last settings of the own pool. */
  ownSettings(): HostSettings {
    const choice = this.#own?.choice;
    return { scope: choice?.scope ?? 'this_computer', plainHttpApi: choice?.plainHttpApi, announce: choice?.announce };
  }

  /** False: the pool is not known. */
  forget(id: string): boolean {
    const rest = this.#joined.filter(({ choice }) => rememberedIdOf(choice) !== id);
    if (rest.length === this.#joined.length) return false;
    this.#joined = rest;
    this.#write();
    return true;
  }

  views(current: AppChoice): RememberedPoolView[] {
    const currentId = current.mode === 'host' ? OWN_POOL_ID : current.mode === 'none' ? null : rememberedIdOf(current);
    const own: RememberedPoolView = {
      pool_id: OWN_POOL_ID,
      kind: 'own',
      name: this.#own?.name ?? null,
      address: null,
      pin: null,
      is_current: currentId === OWN_POOL_ID,
      last_used_at: this.#own?.lastUsedAtWallMs ?? null,
    };
    const joined = this.#joined.map((entry) => joinedView(entry, currentId));
    return [own, ...joined].toSorted(
      (one, other) => Number(other.is_current) - Number(one.is_current) || (other.last_used_at ?? 0) - (one.last_used_at ?? 0),
    );
  }

  #entryOf(choice: JoinedChoice): Entry<JoinedChoice> | undefined {
    const id = rememberedIdOf(choice);
    return this.#joined.find((entry) => rememberedIdOf(entry.choice) === id);
  }

  /** The first one, to which this computer may belong, and the changed one are never forgotten. */
  #keep(pools: readonly Entry<JoinedChoice>[], changed: JoinedChoice): readonly JoinedChoice[] {
    const others = pools.slice(1).filter(({ choice }) => choice !== changed);
    const dropped = pools.length > MAX_REMEMBERED_POOLS ? others.slice(MAX_REMEMBERED_POOLS - pools.length) : [];
    this.#joined = pools.filter((entry) => !dropped.includes(entry));
    this.#write();
    return dropped.map(({ choice }) => choice);
  }

  #read(): readonly z.infer<typeof entrySchema>[] {
    let text: string;
    try {
      text = readFileSync(this.#file, 'utf8');
    } catch (error) {
      if (codeOfError(error) !== 'ENOENT') this.#logger.log('warn', 'pools_unreadable', { file: this.#file, reason: reasonOfError(error) });
      return [];
    }
    const parsed = parseJsonObject(text);
    const content = parsed.ok ? validate(parsed.value, fileSchema) : parsed;
    const entries = content.ok ? content.value.pools.map((entry) => validate(entry, entrySchema)) : [content];
    return entries.flatMap((entry) => {
      if (entry.ok) return [entry.value];
      this.#logger.log('warn', 'pools_unreadable', { file: this.#file, field: entry.error.field, reason: entry.error.reason });
      return [];
    });
  }

  /** A failed write is logged. The list applies to this run in any case. */
  #write(): void {
    const pools = [...(this.#own === null ? [] : [this.#own]), ...this.#joined].map(({ choice, name, lastUsedAtWallMs }) => ({
      choice: toStoredChoice(choice),
      name,
      last_used_at: lastUsedAtWallMs,
    }));
    try {
      writeFileAtomic(this.#file, `${JSON.stringify({ version: 1, pools }, null, 2)}\n`);
    } catch (error) {
      this.#logger.log('error', 'pools_not_saved', { file: this.#file, reason: reasonOfError(error) });
    }
  }
}

function joinedView({ choice, name, lastUsedAtWallMs }: Entry<JoinedChoice>, currentId: string | null): RememberedPoolView {
  const place = placeOf(choice);
  const id = rememberedIdOf(choice);
  return {
    pool_id: id,
    kind: 'joined',
    name: name ?? (choice.mode === 'joined_pool' ? choice.pool.name : null),
    address: hostAndPort(place),
    pin: place.pin,
    is_current: id === currentId,
    last_used_at: lastUsedAtWallMs,
  };
}

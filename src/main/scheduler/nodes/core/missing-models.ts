// The models that were asked for and that no node has: how often in the last 24 hours. Bounded, because the ids come from clients: when the
// memory is full, a new id takes the place of the one with the fewest requests, so many different ids do not push out one that is asked for
// often.
import { MAX_MISSING_MODELS } from '../../../../shared/api/missing-models';
import { modelIdSchema } from '../../../../shared/protocol/node-messages';

const HOUR_MS = 3_600_000;
const HOURS = 24;

interface Asked {
  readonly firstWallMs: number;
  readonly lastWallMs: number;
  /** Requests by hour since 1970. */
  readonly byHour: ReadonlyMap<number, number>;
}

export interface AskedModel {
  readonly modelId: string;
  readonly requests: number;
  readonly sinceWallMs: number;
  readonly lastWallMs: number;
}

/** For the database. */
export interface StoredMissingModel {
  readonly modelId: string;
  readonly firstWallMs: number;
  readonly lastWallMs: number;
  readonly byHour: readonly (readonly [hour: number, requests: number])[];
}

export class MissingModels {
  readonly #asked = new Map<string, Asked>();
  #revision = 0;
  #sinceWallMs: number;

  constructor(sinceWallMs: number) {
    this.#sinceWallMs = sinceWallMs;
  }

  /** Changes with every request. */
  get revision(): number {
    return this.#revision;
  }

  get sinceWallMs(): number {
    return this.#sinceWallMs;
  }

  /** An id that no node could report does not count. */
  asked(modelId: string, nowWallMs: number): void {
    if (!modelIdSchema.safeParse(modelId).success) return;
    this.#revision++;
    const hour = Math.floor(nowWallMs / HOUR_MS);
    const known = this.#asked.get(modelId);
    if (known === undefined && this.#asked.size >= MAX_MISSING_MODELS) this.#dropLeast(hour);
    const byHour = new Map([...(known?.byHour ?? [])].filter(([at]) => isRecent(at, hour)));
    byHour.set(hour, (byHour.get(hour) ?? 0) + 1);
    this.#asked.set(modelId, { firstWallMs: known?.firstWallMs ?? nowWallMs, lastWallMs: nowWallMs, byHour });
  }

  /** Those of the last 24 hours, the most requested first. */
  list(nowWallMs: number): readonly AskedModel[] {
    const hour = Math.floor(nowWallMs / HOUR_MS);
    const oldestWallMs = (hour - HOURS + 1) * HOUR_MS;
    return [...this.#asked]
      .map(([modelId, asked]) => ({
        modelId,
        requests: requestsOf(asked, hour),
        sinceWallMs: Math.max(asked.firstWallMs, oldestWallMs),
        lastWallMs: asked.lastWallMs,
      }))
      .filter(({ requests }) => requests > 0)
      .sort((a, b) => b.requests - a.requests || b.lastWallMs - a.lastWallMs || (a.modelId < b.modelId ? -1 : 1));
  }

  stored(): readonly StoredMissingModel[] {
    return [...this.#asked].map(([modelId, { byHour, ...asked }]) => ({ modelId, ...asked, byHour: [...byHour] }));
  }

  /** The models of an earlier run, which counted since `sinceWallMs`. */
  restore(stored: readonly StoredMissingModel[], sinceWallMs: number): void {
    this.#sinceWallMs = Math.min(this.#sinceWallMs, sinceWallMs);
    for (const { modelId, byHour, ...asked } of stored.slice(0, MAX_MISSING_MODELS))
      this.#asked.set(modelId, { ...asked, byHour: new Map(byHour) });
  }

  #dropLeast(hour: number): void {
    let least: { readonly modelId: string; readonly requests: number; readonly lastWallMs: number } | null = null;
    for (const [modelId, asked] of this.#asked) {
      const requests = requestsOf(asked, hour);
      const isLess = least === null || requests < least.requests || (requests === least.requests && asked.lastWallMs < least.lastWallMs);
      if (isLess) least = { modelId, requests, lastWallMs: asked.lastWallMs };
    }
    if (least !== null) this.#asked.delete(least.modelId);
  }
}

const isRecent = (at: number, hour: number): boolean => at > hour - HOURS && at <= hour;

function requestsOf({ byHour }: Asked, hour: number): number {
  let requests = 0;
  for (const [at, count] of byHour) if (isRecent(at, hour)) requests += count;
  return requests;
}

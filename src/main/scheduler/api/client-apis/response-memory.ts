// The responses that a scheduler has, in memory only: those that have ended, and the requests of those that run in the background. In a cluster
// with a bus it lives as long as the member, and has the same as that of the leader. A response runs, then it has ended, then it is deleted: a
// copy of an earlier state changes nothing.
import type { Clock, Timer } from '../../../platform/clock';
import {
  type BackgroundLimit,
  KEEP_MS,
  type KeptEntry,
  type KeptLimits,
  type KeptResponse,
  KeptResponses,
} from './core/responses/kept-responses';
import { responseIdOf } from './core/responses/response-object';
import type { RunningRequest, StoredRequest } from './core/responses/stored-request';
import type { Json } from './core/responses/tools';

export interface ResponseChange {
  readonly type: 'kept' | 'runs' | 'deleted';
  readonly id: string;
  /** Who has learned of it already. Null: this scheduler has done it. */
  readonly from: object | null;
}

/** Read while they change. */
export interface KnownIds {
  readonly kept: Iterable<string>;
  /** With the last job of each. */
  readonly runs: Iterable<readonly [string, string]>;
  /** With the time since then, in ms. */
  readonly deleted: Iterable<readonly [string, number]>;
}

type Holder = string | null;
type Listener = (change: ResponseChange) => void;

interface Running {
  readonly request: RunningRequest;
  /** Ends the count of its memory. */
  readonly release: () => void;
}

/** Each is some 100 bytes. The oldest are forgotten: a copy of the response may then come back for the rest of its hour. */
const MAX_DELETED = 100_000;

export class ResponseMemory {
  readonly #clock: Clock;
  readonly #kept: KeptResponses;
  readonly #running = new Map<string, Running>();
  /** When each was deleted, or left out at a limit. Only where there are other members, whose copies might come later. */
  readonly #deleted = new Map<string, number>();
  readonly #listeners = new Set<Listener>();
  #expiry: Timer | null = null;

  constructor(clock: Clock, limits?: KeptLimits) {
    this.#clock = clock;
    this.#kept = new KeptResponses(limits, (id) => {
      this.#noteDeleted(id);
    });
  }

  get(holder: Holder, id: string): KeptResponse | null {
    this.#expire();
    return this.#kept.get(holder, id);
  }

  items(holder: Holder): ReadonlyMap<string, Json> {
    this.#expire();
    return this.#kept.items(holder);
  }

  /** With its age. Null: it has not ended, or is gone. */
  entry(id: string): { readonly entry: KeptEntry; readonly ageMs: number } | null {
    const entry = this.#kept.entry(id);
    return entry === null ? null : { entry, ageMs: this.#clock.monotonicMs() - entry.sinceMonotonicMs };
  }

  running(id: string): RunningRequest | null {
    return this.#running.get(id)?.request ?? null;
  }

  /** Those in the background. */
  runningAll(): readonly RunningRequest[] {
    return [...this.#running.values()].map(({ request }) => request);
  }

  known(): KnownIds {
    this.#expire();
    this.#forgetDeleted();
    return { kept: this.#kept.ids(), runs: this.#jobs(), deleted: this.#deletedAges() };
  }

  onChange(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The response has ended. Nothing changes where it is kept or deleted already. */
  keep(holder: Holder, id: string, kept: KeptResponse, copy: { ageMs: number; size: number; from: object } | null = null): void {
    if (this.#deleted.has(id) || this.#kept.entry(id) !== null) return;
    this.#endRun(id);
    const { ageMs = 0, size, from = null } = copy ?? {};
    this.#kept.keep(holder, id, kept, this.#clock.monotonicMs() - ageMs, size);
    this.#expireLater();
    this.#changed({ type: 'kept', id, from });
  }

  /** Counts the memory of a request that will run. The function ends it. `size`: where it is known. */
  reserve({ holder, body, context }: StoredRequest, size?: number): (() => void) | BackgroundLimit {
    return this.#kept.reserve(holder, [body, context], size);
  }

  /** Replaces an earlier job for the response. `release`: of `reserve`. */
  runs(request: RunningRequest, release: () => void, from: object | null = null): void {
    const id = responseIdOf(request.facts);
    if (this.#deleted.has(id) || this.#kept.entry(id) !== null) {
      release();
      return;
    }
    this.#endRun(id);
    this.#running.set(id, { request, release });
    this.#changed({ type: 'runs', id, from });
  }

  /** The same request has another job. */
  runsAs(request: RunningRequest, from: object | null = null): void {
    const id = responseIdOf(request.facts);
    const running = this.#running.get(id);
    if (running === undefined) return;
    this.#running.set(id, { ...running, request });
    this.#changed({ type: 'runs', id, from });
  }

  /** `ageMs`: since another member has deleted it. */
  delete(id: string, from: object | null = null, ageMs = 0): void {
    const wasKnown = this.#kept.delete(id) || this.#running.has(id);
    this.#endRun(id);
    if (this.#deleted.has(id) || (!wasKnown && from === null)) return;
    this.#noteDeleted(id, ageMs);
    this.#changed({ type: 'deleted', id, from });
  }

  forget(holder: Holder): void {
    for (const id of this.#kept.idsOf(holder)) this.delete(id);
  }

  stop(): void {
    this.#expiry?.cancel();
    this.#expiry = null;
  }

  *#jobs(): Generator<readonly [string, string]> {
    for (const [id, { request }] of this.#running) yield [id, request.jobId];
  }

  *#deletedAges(): Generator<readonly [string, number]> {
    for (const [id, atMonotonicMs] of this.#deleted) {
      const ageMs = this.#clock.monotonicMs() - atMonotonicMs;
      if (ageMs < KEEP_MS) yield [id, ageMs];
    }
  }

  #endRun(id: string): void {
    this.#running.get(id)?.release();
    this.#running.delete(id);
  }

  #noteDeleted(id: string, ageMs = 0): void {
    if (this.#listeners.size === 0) return;
    this.#deleted.set(id, this.#clock.monotonicMs() - ageMs);
    this.#forgetDeleted();
  }

  /** One that another member has deleted before stays until those noted earlier are forgotten. */
  #forgetDeleted(): void {
    const nowMonotonicMs = this.#clock.monotonicMs();
    for (const [old, atMonotonicMs] of this.#deleted) {
      if (this.#deleted.size <= MAX_DELETED && atMonotonicMs + KEEP_MS > nowMonotonicMs) return;
      this.#deleted.delete(old);
    }
  }

  #changed(change: ResponseChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }

  #expire(): void {
    this.#kept.expire(this.#clock.monotonicMs());
  }

  /** So that memory is freed without another request. */
  #expireLater(): void {
    const dueMonotonicMs = this.#kept.nextExpiryMonotonicMs();
    if (this.#expiry !== null || dueMonotonicMs === null) return;
    this.#expiry = this.#clock.setTimer(Math.max(0, dueMonotonicMs - this.#clock.monotonicMs()), () => {
      this.#expiry = null;
      this.#expire();
      this.#expireLater();
    });
  }
}

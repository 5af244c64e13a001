// Sums up the heartbeats of all nodes of a replica, so that a heartbeat costs the leader little.
import type { Clock, Timer } from '../../platform/clock';
import type { Channel } from '../cluster/channel/channel';
import { type Figures, NODE_BEATS } from './core/node-records';

/** At least so long between two records of heartbeats. A heartbeat after a longer time is sent at once. */
const INTERVAL_MS = 500;
/** The same, when the load of a node has changed much: its jobs should not wait, and many nodes may be busy. */
const LOAD_INTERVAL_MS = 50;
/** Heartbeats of one node within the time. The figures are those of the newest one; further ones are dropped. */
const MAX_OF_NODE = 3;
/** Of one record, which must not hold the event loop of the leader for long. */
const MAX_BEATS = 500;

interface Beats {
  /** Null: as before. */
  readonly figures: Figures | null;
  readonly times: number;
}

export class NodeBeats {
  readonly #clock: Clock;
  /** By connection. */
  #waiting = new Map<number, Beats>();
  #channel: Channel | null = null;
  #sentAtMonotonicMs = -Infinity;
  #timer: Timer | null = null;
  /** Of the timer. */
  #dueMonotonicMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Heartbeats for an earlier channel are dropped: their nodes register again. */
  use(channel: Channel | null): void {
    this.#channel = channel;
    this.#waiting = new Map();
  }

  /** `figures` null: the node reports what it reported before. `hasNewLoad`: it is much busier, or less busy, than before. */
  add(connection: number, figures: Figures | null, hasNewLoad = false): void {
    const before = this.#waiting.get(connection);
    this.#waiting.set(connection, {
      figures: figures ?? before?.figures ?? null,
      times: Math.min(MAX_OF_NODE, 1 + (before?.times ?? 0)),
    });
    const dueMonotonicMs = this.#sentAtMonotonicMs + (hasNewLoad ? LOAD_INTERVAL_MS : INTERVAL_MS);
    if (this.#timer !== null && dueMonotonicMs >= this.#dueMonotonicMs) return;
    const waitMs = dueMonotonicMs - this.#clock.monotonicMs();
    if (waitMs <= 0) this.#sendAllOrWait();
    else this.#sendIn(waitMs);
  }

  /** Sends the heartbeat of this connection, if there is one, before a message that must not overtake it. */
  send(connection: number): void {
    const beats = this.#waiting.get(connection);
    if (beats === undefined) return;
    this.#waiting.delete(connection);
    this.#send([[connection, beats]]);
  }

  forget(connection: number): void {
    this.#waiting.delete(connection);
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
    this.use(null);
  }

  #sendIn(ms: number): void {
    this.#timer?.cancel();
    this.#dueMonotonicMs = this.#clock.monotonicMs() + ms;
    this.#timer = this.#clock.setTimer(ms, () => {
      this.#sendAllOrWait();
    });
  }

  #sendAllOrWait(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#waiting.size === 0) return;
    // The leader is behind: newer heartbeats replace those that wait.
    if (this.#channel?.isFull === true) this.#sendIn(INTERVAL_MS);
    else this.#sendAll();
  }

  #sendAll(): void {
    this.#sentAtMonotonicMs = this.#clock.monotonicMs();
    const beats = [...this.#waiting];
    this.#waiting = new Map();
    for (let at = 0; at < beats.length; at += MAX_BEATS) this.#send(beats.slice(at, at + MAX_BEATS));
  }

  #send(beats: readonly (readonly [number, Beats])[]): void {
    this.#channel?.send(NODE_BEATS, {
      figures: beats.flatMap(([c, { figures }]) => (figures === null ? [] : [{ c, ...figures }])),
      same: beats.flatMap(([c, { figures, times }]) => new Array<number>(figures === null ? times : times - 1).fill(c)),
    });
  }
}

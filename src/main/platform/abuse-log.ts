// Log lines and counts about clients that exceed a limit or send a wrong token. The first event of a source is logged at once, later ones
// together every ten seconds, so that no client can fill the disk.
import type { Clock, Timer } from './clock';
import type { Logger } from './logger';

/** The limits of the event `limit_reached`. */
export const LIMITS = [
  'nodes',
  'profile_bytes',
  'new_nodes_per_address',
  'registrations_per_node',
  'handshakes',
  'handshakes_per_address',
  'connections_per_address',
  'pipelined_requests',
  'wrong_tokens_per_address',
  'unfinished_bytes',
  'unsent_bytes',
  'message_seconds',
  'join_waiting',
  'join_address',
  'join_hour',
  'key_requests_per_second',
  'key_megabytes_per_minute',
  'key_queued',
  'key_streams',
  'key_requests_per_minute',
  'key_tokens_per_minute',
  'key_max_at_once',
  'key_tokens_per_day',
] as const;
export type LimitName = (typeof LIMITS)[number];

const COLLECT_MS = 10_000;
/** Further sources share one line. */
const MAX_SOURCES = 200;
const OTHER_SOURCES = 'others';

export interface AbuseCounters {
  authFailed(): void;
  limitReached(limit: LimitName): void;
}

type Event = readonly ['warn', 'auth_failed' | 'limit_reached'];

interface Line {
  readonly event: Event;
  readonly fields: Readonly<Record<string, string>>;
  /** Since the last line. */
  count: number;
}

export class AbuseLog {
  readonly #options: { readonly clock: Clock; readonly logger: Logger; readonly counters: AbuseCounters };
  readonly #lines = new Map<string, Line>();
  #timer: Timer | null = null;

  constructor(options: { readonly clock: Clock; readonly logger: Logger; readonly counters: AbuseCounters }) {
    this.#options = options;
  }

  /** A wrong token. `from`: the source of the connection. */
  authFailed(from: string): void {
    this.#options.counters.authFailed();
    this.#count(['warn', 'auth_failed'], { from });
  }

  /** `from`: the source of the connection, or the id of the key for a limit of keys. */
  limitReached(limit: LimitName, from: string): void {
    this.#options.counters.limitReached(limit);
    this.#count(['warn', 'limit_reached'], { limit, from });
  }

  /** Logs the last counts. */
  stop(): void {
    this.#logCounts();
    this.#timer?.cancel();
    this.#timer = null;
  }

  #count(event: Event, fields: Line['fields']): void {
    const exact = Object.values(fields).join(' ');
    const isOther = !this.#lines.has(`${event[1]} ${exact}`) && this.#lines.size >= MAX_SOURCES;
    const used = isOther ? { ...fields, from: OTHER_SOURCES } : fields;
    const key = `${event[1]} ${Object.values(used).join(' ')}`;
    const known = this.#lines.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    this.#lines.set(key, { event, fields: used, count: 0 });
    this.#options.logger.log(...event, { ...used, count: 1 });
    this.#schedule();
  }

  /** A source that was counted again keeps its place: its next event is not logged at once. */
  #logCounts(): void {
    for (const [key, line] of [...this.#lines]) {
      if (line.count === 0) this.#lines.delete(key);
      else this.#options.logger.log(...line.event, { ...line.fields, count: line.count });
      line.count = 0;
    }
    if (this.#lines.size > 0) this.#schedule();
  }

  #schedule(): void {
    this.#timer ??= this.#options.clock.setTimer(COLLECT_MS, () => {
      this.#timer = null;
      this.#logCounts();
    });
  }
}

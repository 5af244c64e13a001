// The log of events that a node can cause at any rate, by repeated messages: at most 20 lines of an event and a node in ten seconds, and 100
// for all nodes of an address. Further lines are counted, and one line has their number. All other events pass.
import type { Clock } from '../../platform/clock';
import type { LogFields, Logger, LogLevel } from '../../platform/logger';
import { sourceOfRemote } from '../../platform/source-address';

const LIMITED_EVENTS: ReadonlySet<string> = new Set([
  'node_status_changed',
  'node_registered',
  'node_register_received',
  'node_register_refused',
  'node_id_conflict',
]);
const MAX_LINES = 20;
/** One address can have thousands of nodes. */
const MAX_ADDRESS_LINES = 100;
const WINDOW_MS = 10_000;

interface Window {
  readonly event: string;
  /** The field that names the node, its connection while the scheduler does not know the node, or its address. */
  readonly subject: LogFields;
  readonly maxLines: number;
  readonly sinceMonotonicMs: number;
  lines: number;
}

export class NodeLog implements Logger {
  readonly #logger: Logger;
  readonly #clock: Clock;
  readonly #fromOf: (nodeId: string) => string | null;
  /** By event and node, the oldest first: all windows have the same length. */
  readonly #windows = new Map<string, Window>();

  /** `fromOf`: the source of the last connection of a node. */
  constructor(logger: Logger, clock: Clock, fromOf: (nodeId: string) => string | null) {
    this.#logger = logger;
    this.#clock = clock;
    this.#fromOf = fromOf;
  }

  isEnabled(level: LogLevel): boolean {
    return this.#logger.isEnabled(level);
  }

  log(level: LogLevel, event: string, fields: LogFields = {}): void {
    if (!LIMITED_EVENTS.has(event) || this.#isWithinLimits(event, fields)) this.#logger.log(level, event, fields);
  }

  /** Logs how many lines were suppressed in the windows that are over. Reads only these windows. */
  report(): void {
    const nowMonotonicMs = this.#clock.monotonicMs();
    for (const [key, { event, subject, maxLines, sinceMonotonicMs, lines }] of this.#windows) {
      if (nowMonotonicMs - sinceMonotonicMs < WINDOW_MS) return;
      this.#windows.delete(key);
      const suppressed = lines - maxLines;
      if (suppressed > 0 && this.#isWithinAddress('log_lines_suppressed', subject))
        this.#logger.log('warn', 'log_lines_suppressed', { ...subject, suppressed_event: event, lines: suppressed });
    }
  }

  /** A line that exceeds the limit of its node takes none of the lines of the address: other nodes may share the address. */
  #isWithinLimits(event: string, { remote, node_id: nodeId }: LogFields): boolean {
    this.report();
    const subject = remote === undefined ? { node_id: nodeId } : { remote };
    return this.#count(event, subject, MAX_LINES) && this.#isWithinAddress(event, subject);
  }

  #isWithinAddress(event: string, { remote, node_id: nodeId }: LogFields): boolean {
    const from = typeof remote === 'string' ? sourceOfRemote(remote) : typeof nodeId === 'string' ? this.#fromOf(nodeId) : null;
    return from === null || this.#count(event, { from }, MAX_ADDRESS_LINES);
  }

  #count(event: string, subject: LogFields, maxLines: number): boolean {
    const key = JSON.stringify([event, subject]);
    let window = this.#windows.get(key);
    if (window === undefined) {
      window = { event, subject, maxLines, sinceMonotonicMs: this.#clock.monotonicMs(), lines: 0 };
      this.#windows.set(key, window);
    }
    return ++window.lines <= maxLines;
  }
}

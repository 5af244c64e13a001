// The log of events that a node can cause at any rate, by repeated messages: at most 20 lines of an event and a node in ten seconds. Further
// lines are counted, and one line tells their number. All other events pass.
import type { Clock } from '../../platform/clock';
import type { LogFields, Logger, LogLevel } from '../../platform/logger';

const LIMITED_EVENTS: ReadonlySet<string> = new Set([
  'node_status_changed',
  'node_registered',
  'node_register_received',
  'node_register_refused',
  'node_id_conflict',
]);
const MAX_LINES = 20;
const WINDOW_MS = 10_000;

interface Window {
  readonly event: string;
  /** The field that names the node, or its connection while the scheduler does not know the node. */
  readonly subject: LogFields;
  readonly sinceMonotonicMs: number;
  lines: number;
}

export class NodeLog implements Logger {
  readonly #logger: Logger;
  readonly #clock: Clock;
  /** By event and node, the oldest first: all windows have the same length. */
  readonly #windows = new Map<string, Window>();

  constructor(logger: Logger, clock: Clock) {
    this.#logger = logger;
    this.#clock = clock;
  }

  isEnabled(level: LogLevel): boolean {
    return this.#logger.isEnabled(level);
  }

  log(level: LogLevel, event: string, fields: LogFields = {}): void {
    if (!LIMITED_EVENTS.has(event) || this.#count(event, fields)) this.#logger.log(level, event, fields);
  }

  /** Logs how many lines were suppressed in the windows that are over. Reads only these windows. */
  report(): void {
    const nowMonotonicMs = this.#clock.monotonicMs();
    for (const [key, { event, subject, sinceMonotonicMs, lines }] of this.#windows) {
      if (nowMonotonicMs - sinceMonotonicMs < WINDOW_MS) return;
      this.#windows.delete(key);
      const suppressed = lines - MAX_LINES;
      if (suppressed > 0) this.#logger.log('warn', 'log_lines_suppressed', { ...subject, suppressed_event: event, lines: suppressed });
    }
  }

  /** Returns whether the line is within the limit. */
  #count(event: string, { remote, node_id: nodeId }: LogFields): boolean {
    this.report();
    const subject = remote === undefined ? { node_id: nodeId } : { remote };
    const key = JSON.stringify([event, subject]);
    let window = this.#windows.get(key);
    if (window === undefined) {
      window = { event, subject, sinceMonotonicMs: this.#clock.monotonicMs(), lines: 0 };
      this.#windows.set(key, window);
    }
    return ++window.lines <= MAX_LINES;
  }
}

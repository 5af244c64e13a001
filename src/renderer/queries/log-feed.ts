// The lines of the log that a page shows, the newest first: the newest page, older pages on request, and new lines about once a second.
// A strict filter finds few lines in a page, so the feed continues towards older lines by itself, a bounded number of times.
import type { AppApi, AppError } from '../../shared/api/app-api';
import type { LogLevelName, LogLine, LogPage, LogSourceName } from '../../shared/api/logs';

export interface LogFilters {
  readonly level: LogLevelName;
  readonly source: LogSourceName | null;
  readonly event: string | null;
  readonly nodeId: string | null;
  readonly text: string;
}

export interface LogFeedState {
  /** Null: the first page has not arrived. */
  readonly lines: readonly LogLine[] | null;
  readonly sources: readonly LogSourceName[];
  readonly error: AppError | null;
  /** A request for older lines is running. */
  readonly isSearching: boolean;
  /** Older lines may exist. */
  readonly hasOlder: boolean;
  /** The time to which the log was searched, unix ms; null: unknown. */
  readonly readToWallMs: number | null;
  /** How many lines were added at the top since the first page. */
  readonly added: number;
  /** The oldest lines were dropped, because the page keeps `MAX_KEPT_LINES`. */
  readonly isTrimmed: boolean;
}

export const MAX_KEPT_LINES = 10_000;
const POLL_MS = 1000;
/** A search ends with this many lines, or after `MOST_PAGES` pages. */
const ENOUGH_LINES = 50;
const MOST_PAGES = 8;
const PAGE = 500;

const EMPTY: LogFeedState = {
  lines: null,
  sources: [],
  error: null,
  isSearching: true,
  hasOlder: false,
  readToWallMs: null,
  added: 0,
  isTrimmed: false,
};

export interface LogFeedOptions {
  readonly api: Pick<AppApi, 'call'>;
  readonly filters: LogFilters;
  /** False while the page is hidden or the connection is lost: nothing is requested. */
  readonly isActive: () => boolean;
}

export class LogFeed {
  readonly #options: LogFeedOptions;
  readonly #listeners = new Set<() => void>();
  #state = EMPTY;
  #older: string | null = null;
  #newer: string | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = true;

  constructor(options: LogFeedOptions) {
    this.#options = options;
  }

  readonly state = (): LogFeedState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    if (!this.#isStopped) return;
    this.#isStopped = false;
    void this.#poll();
  }

  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  /** Searches further towards older lines. */
  async loadOlder(): Promise<void> {
    if (this.#older === null || this.#state.isSearching) return;
    this.#show({ isSearching: true });
    await this.#search(this.#state.lines?.length ?? 0);
  }

  async #poll(): Promise<void> {
    let isBehind = false;
    if (this.#options.isActive()) isBehind = this.#newer === null ? await this.#first() : await this.#follow(this.#newer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.#poll(), isBehind ? 0 : POLL_MS);
  }

  async #first(): Promise<boolean> {
    const page = await this.#read({});
    if (page === null) return false;
    this.#newer = page.newer;
    this.#older = page.older;
    this.#show({ lines: page.lines, sources: page.sources, error: null, readToWallMs: page.read_to, hasOlder: page.older !== null });
    await this.#search(0);
    return false;
  }

  /** Reads older pages until there are enough lines besides `known`. */
  async #search(known: number): Promise<void> {
    for (let read = 0; read < MOST_PAGES && this.#older !== null; read += 1) {
      if ((this.#state.lines?.length ?? 0) - known >= ENOUGH_LINES) break;
      const page = await this.#read({ before: this.#older });
      if (page === null) break;
      this.#older = page.older;
      this.#show({
        lines: [...(this.#state.lines ?? []), ...page.lines],
        error: null,
        readToWallMs: page.read_to ?? this.#state.readToWallMs,
        hasOlder: page.older !== null,
      });
    }
    this.#show({ isSearching: false });
  }

  async #follow(after: string): Promise<boolean> {
    const page = await this.#read({ after });
    if (page === null) return false;
    this.#newer = page.newer;
    const { lines, added, isTrimmed } = this.#state;
    if (page.lines.length === 0) {
      if (this.#state.error !== null) this.#show({ error: null });
      return page.has_newer;
    }
    const all = [...page.lines, ...(lines ?? [])];
    const isTooLong = all.length > MAX_KEPT_LINES;
    // The cursor towards older lines belongs to a line that is no longer kept.
    if (isTooLong) this.#older = null;
    this.#show({
      lines: isTooLong ? all.slice(0, MAX_KEPT_LINES) : all,
      added: added + page.lines.length,
      error: null,
      isTrimmed: isTrimmed || isTooLong,
      hasOlder: this.#older !== null,
    });
    return page.has_newer;
  }

  /** Null: failed, or the feed was stopped meanwhile. */
  async #read(cursor: { readonly before?: string; readonly after?: string }): Promise<LogPage | null> {
    const { api, filters } = this.#options;
    const { level, source, event, nodeId, text } = filters;
    const outcome = await api.call('logs.read', {
      level,
      limit: PAGE,
      ...(source === null ? {} : { source }),
      ...(event === null ? {} : { event }),
      ...(nodeId === null ? {} : { node_id: nodeId }),
      ...(text.trim() === '' ? {} : { text: text.trim() }),
      ...cursor,
    });
    if (this.#isStopped) return null;
    if (outcome.ok) return outcome.value;
    this.#show({ error: outcome.error, isSearching: false });
    return null;
  }

  #show(change: Partial<LogFeedState>): void {
    this.#state = { ...this.#state, ...change };
    for (const listener of this.#listeners) listener();
  }
}

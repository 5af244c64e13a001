// Keeps the history of the load in memory and in a file of the state folder. A file that cannot be read is ignored: the history starts empty.
import { readFileSync, statSync } from 'node:fs';
import type { GpuHistory, HistoryRange } from '../../shared/api/gpu';
import { codeOfError } from '../../shared/errors';
import type { LoadReport } from '../hardware/parse/types';
import type { Clock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import { historyOf, lanesOf } from './core/history/history-view';
import { LoadRings, type RingsState } from './core/history/load-rings';
import { decodeRings, encodeRings, MAX_RINGS_BYTES } from './core/history/rings-codec';
import { SavedState } from './saved-state';

export interface LoadHistoryOptions {
  readonly file: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export class LoadHistory {
  readonly #clock: Clock;
  readonly #rings: LoadRings;
  readonly #saved: SavedState;

  constructor(options: LoadHistoryOptions) {
    this.#clock = options.clock;
    this.#rings = new LoadRings(read(options) ?? undefined);
    this.#saved = new SavedState({ ...options, content: () => encodeRings(this.#rings.state()) });
  }

  /** Adds a new reading. One that repeats older figures adds nothing, so that a hanging driver leaves a gap. */
  add(load: LoadReport): void {
    if (load.ageMs > 0) return;
    this.#rings.add(this.#clock.wallMs(), lanesOf(load));
    this.#saved.changed();
  }

  view(range: HistoryRange): GpuHistory {
    const nowWallMs = this.#clock.wallMs();
    return historyOf(this.#rings.window(range, nowWallMs), nowWallMs);
  }

  close(): Promise<void> {
    return this.#saved.close();
  }
}

/** Null: there is no file, or it is not usable. */
function read({ file, logger }: LoadHistoryOptions): RingsState | null {
  const forgotten = (reason: string): null => {
    logger.log('warn', 'load_history_forgotten', { file, reason });
    return null;
  };
  try {
    if (statSync(file).size > MAX_RINGS_BYTES) return forgotten('too large');
    return decodeRings(readFileSync(file)) ?? forgotten('damaged');
  } catch (error) {
    return codeOfError(error) === 'ENOENT' ? null : forgotten(codeOfError(error) ?? 'unreadable');
  }
}

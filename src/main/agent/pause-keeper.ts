// Keeps the pause of this computer: on disk, over restarts, and to its end. `core/pause.ts` decides. The end is an instant of the wall
// clock, so it is compared at each tick: a timer would be late after a sleep, and wrong after a change of the clock.
import type { Notice } from '../../shared/api/agent-view';
import type { RunningJobs } from '../../shared/protocol/pauses';
import type { Clock, Timer } from '../platform/clock';
import type { Logger } from '../platform/logger';
import {
  causesOf,
  nextEndWallMs,
  NOT_PAUSED,
  pauseAt,
  pausedByOwner,
  type PauseState,
  reportedPauseOf,
  type RulePause,
  sharedNow,
  withRules,
} from './core/pause';
import { moveAsidePause, pauseFileMark, pauseFileOf, readPause, writePause } from './pause-file';

/** How soon a command of another process is noticed, and an end that no timer announced. */
const TICK_MS = 2000;

export interface PauseKeeperOptions {
  readonly stateDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly onChange: () => void;
  readonly onNotice: (code: 'pause_unreadable' | 'pause_not_saved', details: Notice['details']) => void;
}

export class PauseKeeper {
  readonly #options: PauseKeeperOptions;
  readonly #file: string;
  #state: PauseState = NOT_PAUSED;
  /** Of the file as this process read or wrote it last. */
  #mark: string | null = null;
  #timer: Timer | null = null;

  constructor(options: PauseKeeperOptions) {
    this.#options = options;
    this.#file = pauseFileOf(options.stateDir);
  }

  state(): PauseState {
    return this.#state;
  }

  /** Reads the file and begins to watch it. */
  start(): void {
    this.#read();
    this.#schedule();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }

  pause(untilWallMs: number | null, runningJobs: RunningJobs): void {
    this.check();
    const sinceWallMs = this.#state.owner?.sinceWallMs ?? this.#options.clock.wallMs();
    this.#change(pausedByOwner(this.#state, { sinceWallMs, untilWallMs, runningJobs }));
  }

  resume(): void {
    this.check();
    this.#change(sharedNow(this.#state));
  }

  setRules(rules: readonly RulePause[]): void {
    this.check();
    this.#change(withRules(this.#state, rules, this.#options.clock.wallMs()));
  }

  /** Ends what is over, and applies what another process wrote. Comes before each change, so that no change overwrites the file of another process. */
  check(): void {
    if (pauseFileMark(this.#file) !== this.#mark) this.#read();
    this.#change(this.#state);
  }

  #schedule(): void {
    const { clock } = this.#options;
    const endWallMs = nextEndWallMs(this.#state);
    const delayMs = endWallMs === null ? TICK_MS : Math.max(0, Math.min(TICK_MS, endWallMs - clock.wallMs()));
    this.#timer?.cancel();
    this.#timer = clock.setTimer(delayMs, () => {
      this.check();
      this.#schedule();
    });
  }

  /** A file that cannot be read may have been a pause: the owner comes first, so this computer stays paused until its owner resumes. */
  #read(): void {
    const { clock, onNotice } = this.#options;
    const stored = readPause(this.#file);
    this.#mark = pauseFileMark(this.#file);
    if (stored.ok) {
      const { owner, overridden, isShareRequested } = stored.value;
      const read: PauseState = { ...this.#state, owner, overridden };
      if (isShareRequested) this.#change(sharedNow(read), { isWritten: true });
      else this.#change(read, { isWritten: false });
      return;
    }
    moveAsidePause(this.#file);
    onNotice('pause_unreadable', { file: this.#file, reason: stored.error });
    this.#change(pausedByOwner(this.#state, { sinceWallMs: clock.wallMs(), untilWallMs: null, runningJobs: 'finish' }));
  }

  /** `isWritten`: default, when the stored part changed. */
  #change(changed: PauseState, { isWritten }: { readonly isWritten?: boolean } = {}): void {
    const { clock, onChange } = this.#options;
    const before = this.#state;
    const next = pauseAt(changed, clock.wallMs());
    if (next === before && isWritten !== true) return;
    this.#state = next;
    const isStale = next.owner !== before.owner || next.overridden !== before.overridden;
    if (isWritten ?? isStale) this.#write();
    if (this.#timer !== null) this.#schedule();
    this.#log(before, next);
    onChange();
  }

  #write(): void {
    const { owner, overridden } = this.#state;
    const fault = writePause(this.#file, { owner, overridden, isShareRequested: false });
    if (fault !== null) this.#options.onNotice('pause_not_saved', { file: this.#file, reason: fault });
    this.#mark = pauseFileMark(this.#file);
  }

  #log(before: PauseState, next: PauseState): void {
    const [reported, earlier] = [reportedPauseOf(next), reportedPauseOf(before)];
    if (JSON.stringify(reported) === JSON.stringify(earlier)) return;
    if (reported === null) {
      this.#options.logger.log('info', 'sharing_resumed', {});
      return;
    }
    const causes = causesOf(next).map(({ code }) => code);
    this.#options.logger.log('info', 'sharing_paused', { ...reported, causes });
  }
}

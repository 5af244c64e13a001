// The pause of this computer by its owner: by hand and by rules. Joins the rules (ADR 0031) to the pause that they cause (ADR 0026).
import type { ReportedPause, RunningJobs } from '../../shared/protocol/pauses';
import type { RuleView } from '../../shared/api/agent-rules';
import type { LoadReport } from '../hardware/parse/types';
import type { OwnerSources } from '../system-events/fact-source';
import { type PauseState, reportedPauseOf } from './core/pause';
import { NO_RULES, type OwnerRules } from './core/rules/judge-rules';
import { PauseKeeper, type PauseKeeperOptions } from './pause-keeper';
import { RuleWatcher } from './rule-watcher';

export interface OwnerPauseOptions extends Omit<PauseKeeperOptions, 'onChange'> {
  /** Default: none. */
  readonly rules?: OwnerRules;
  /** Default: nothing is known. */
  readonly ownerSources?: OwnerSources;
  /** Null: this computer shares. */
  readonly onChange: (pause: ReportedPause | null) => void;
}

export class OwnerPause {
  readonly #keeper: PauseKeeper;
  readonly #rules: RuleWatcher;

  constructor(options: OwnerPauseOptions) {
    this.#keeper = new PauseKeeper({
      ...options,
      onChange: () => {
        options.onChange(reportedPauseOf(this.#keeper.state()));
      },
    });
    this.#rules = new RuleWatcher({
      clock: options.clock,
      rules: options.rules ?? NO_RULES,
      sources: options.ownerSources ?? {},
      onPauses: (pauses) => {
        this.#keeper.setRules(pauses);
      },
    });
  }

  /** Reads the stored pause. The rules hold from `startRules` on. */
  start(): void {
    this.#keeper.start();
  }

  startRules(): void {
    this.#rules.start();
  }

  stop(): void {
    this.#rules.stop();
    this.#keeper.stop();
  }

  state(): PauseState {
    return this.#keeper.state();
  }

  rules(): RuleView[] {
    return this.#rules.views();
  }

  needsPrograms(): boolean {
    return this.#rules.needsPrograms();
  }

  pause(untilWallMs: number | null, runningJobs: RunningJobs): void {
    this.#keeper.pause(untilWallMs, runningJobs);
  }

  resume(): void {
    this.#keeper.resume();
  }

  check(): void {
    this.#keeper.check();
  }

  configure(rules: OwnerRules = NO_RULES): void {
    this.#rules.configure(rules);
  }

  onReading(load: LoadReport, offered: LoadReport): void {
    this.#rules.onReading(load, offered);
  }
}

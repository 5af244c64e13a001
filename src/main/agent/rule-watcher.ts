// Watches what the rules of the owner are judged from, and reports which of them pause this computer. `core/rules/` decides. The rules are judged
// at each reading of the hardware and at each event of a source. A source is watched only while its rule is on.
import type { RuleView } from '../../shared/api/agent-rules';
import type { LoadReport } from '../hardware/parse/types';
import type { Clock } from '../platform/clock';
import type { FactSource, OwnerSources } from '../system-events/fact-source';
import { type Fact, NOT_READ, NOT_SUPPORTED } from '../system-events/parse/fact';
import type { RulePause } from './core/pause';
import { judgeRules, type Judgement, type OwnerRules } from './core/rules/judge-rules';
import { factsOfLoad, NOTHING_READ, type RuleFacts } from './core/rules/rule-facts';
import { toRuleViews } from './core/rules/rule-views';

/**
 * After a start the first facts come within this time. Until then no rule is reported as ended, because the owner may have overridden a rule
 * before the restart, each until its condition ends.
 */
const FIRST_FACTS_MS = 15_000;

export interface RuleWatcherOptions {
  readonly rules: OwnerRules;
  readonly sources: OwnerSources;
  readonly clock: Clock;
  /** All rules that pause now. Called after each judgement. */
  readonly onPauses: (pauses: readonly RulePause[]) => void;
}

const NOTHING_JUDGED: Judgement = { state: {}, pauses: [], rules: [] };

export class RuleWatcher {
  readonly #options: RuleWatcherOptions;
  #rules: OwnerRules;
  #facts: RuleFacts = NOTHING_READ;
  #judged = NOTHING_JUDGED;
  /** Null: not started. */
  #startedAtMonotonicMs: number | null = null;
  readonly #stops = new Map<keyof OwnerSources, () => void>();

  constructor(options: RuleWatcherOptions) {
    this.#options = options;
    this.#rules = options.rules;
  }

  start(): void {
    this.#startedAtMonotonicMs = this.#options.clock.monotonicMs();
    this.#watchSources();
    this.#judge();
  }

  stop(): void {
    this.#startedAtMonotonicMs = null;
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
  }

  configure(rules: OwnerRules): void {
    this.#rules = rules;
    if (this.#startedAtMonotonicMs === null) return;
    this.#watchSources();
    this.#judge();
  }

  /** `offered`: only the offered GPUs. */
  onReading(load: LoadReport, offered: LoadReport): void {
    this.#setFacts(factsOfLoad(load, offered));
  }

  /** A rule needs the programs on the GPUs. */
  needsPrograms(): boolean {
    return this.#rules.programs.length > 0;
  }

  views(): RuleView[] {
    return toRuleViews(this.#judged, this.#facts);
  }

  #watchSources(): void {
    const { fullScreen, onBattery } = this.#options.sources;
    this.#watch('fullScreen', fullScreen, this.#rules.fullScreen !== null, (fact) => ({ fullScreen: fact }));
    this.#watch('onBattery', onBattery, this.#rules.onlyOnMains, (fact) => ({ onBattery: fact }));
  }

  #watch<Value>(
    name: keyof OwnerSources,
    source: FactSource<Value> | undefined,
    isWanted: boolean,
    toFacts: (fact: Fact<Value>) => Partial<RuleFacts>,
  ): void {
    const stop = this.#stops.get(name);
    if (isWanted === (stop !== undefined)) return;
    stop?.();
    this.#stops.delete(name);
    this.#facts = { ...this.#facts, ...toFacts(NOT_READ) };
    if (!isWanted) return;
    if (source === undefined) this.#facts = { ...this.#facts, ...toFacts(NOT_SUPPORTED) };
    this.#stops.set(name, source?.watch((fact) => this.#setFacts(toFacts(fact))) ?? (() => undefined));
  }

  #setFacts(facts: Partial<RuleFacts>): void {
    this.#facts = { ...this.#facts, ...facts };
    this.#judge();
  }

  #judge(): void {
    const startedAtMonotonicMs = this.#startedAtMonotonicMs;
    if (startedAtMonotonicMs === null) return;
    const { clock, onPauses } = this.#options;
    const now = { wallMs: clock.wallMs(), monotonicMs: clock.monotonicMs() };
    this.#judged = judgeRules(this.#judged.state, this.#facts, this.#rules, now);
    const isWaiting = this.#judged.rules.some(({ state }) => state === 'not_read');
    if (isWaiting && now.monotonicMs - startedAtMonotonicMs < FIRST_FACTS_MS) return;
    onPauses(this.#judged.pauses);
  }
}

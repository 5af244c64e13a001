// Which rules of the owner pause this computer now (ADR 0031). Pure: (state, facts, rules, now) -> (state, pauses). The state has the rules that
// hold, and for each the time at which it ends after its condition is absent.
import { JUDGED_CODES, type JudgedCode, type RuleView } from '../../../../shared/api/agent-rules';
import type { RunningJobs } from '../../../../shared/protocol/pauses';
import { type SharingHours, sharingTimeAt } from '../../../../shared/sharing-hours';
import type { RulePause } from '../pause';
import { programNameOf } from '../../../../shared/program-name';
import type { Fact } from '../../../system-events/parse/fact';
import type { RuleFacts } from './rule-facts';

export interface OwnerRules {
  /** Sharing is open in these hours. Empty: always. */
  readonly hours: readonly SharingHours[];
  /** Null: a full-screen program does not pause. `except`: these programs do not. */
  readonly fullScreen: { readonly except: readonly string[] } | null;
  /** A program of these names that uses a GPU pauses. */
  readonly programs: readonly string[];
  readonly onlyOnMains: boolean;
  /** Null: no limit. */
  readonly maxCelsius: number | null;
  /** What jobs do that run when a rule begins to hold. */
  readonly runningJobs: RunningJobs;
}

export const NO_RULES: OwnerRules = {
  hours: [],
  fullScreen: null,
  programs: [],
  onlyOnMains: false,
  maxCelsius: null,
  runningJobs: 'finish',
};

/** The pause ends when the GPU is this much cooler than the limit. */
export const COOLER_BY_CELSIUS = 5;
/** How long the condition of a rule must be absent. A player may start the next game, and a plug may be loose. */
const END_DELAY_MS: Readonly<Record<JudgedCode, number>> = {
  schedule: 0,
  full_screen: 120_000,
  process: 120_000,
  battery: 10_000,
  temperature: 30_000,
};
/** The ends of these delays are shown. The others are short. */
const HAS_SHOWN_END: Readonly<Record<JudgedCode, boolean>> = {
  schedule: false,
  full_screen: true,
  process: true,
  battery: false,
  temperature: false,
};

interface Held {
  readonly detail: string | null;
  /** The condition is absent, and the rule holds until then. Null: the condition holds. */
  readonly end: { readonly atMonotonicMs: number; readonly wallMs: number } | null;
}

export type RulesState = Readonly<Partial<Record<JudgedCode, Held>>>;

/** `clear`: the condition is absent. `not_read`, `not_supported`: the rule cannot pause now. */
export interface JudgedRule {
  readonly code: JudgedCode;
  readonly state: RuleView['state'];
  /** When the schedule changes next. */
  readonly changesAtWallMs: number | null;
}

export interface Judgement {
  readonly state: RulesState;
  readonly pauses: readonly RulePause[];
  /** The rules that are on. */
  readonly rules: readonly JudgedRule[];
}

export interface Instant {
  readonly wallMs: number;
  readonly monotonicMs: number;
}

/** `near`: neither. The rule stays as it is. */
type Condition =
  | { readonly is: 'holds'; readonly detail: string | null; readonly untilWallMs?: number | null }
  | { readonly is: 'near' | 'absent' | 'not_read' | 'not_supported' };

const ABSENT = { is: 'absent' } as const;

export function judgeRules(state: RulesState, facts: RuleFacts, rules: OwnerRules, now: Instant): Judgement {
  const open = sharingTimeAt(rules.hours, now.wallMs);
  const conditions: Readonly<Record<JudgedCode, Condition | null>> = {
    schedule: rules.hours.length === 0 ? null : open.isOpen ? ABSENT : { is: 'holds', detail: null, untilWallMs: open.changesAtWallMs },
    full_screen: rules.fullScreen && fullScreenOf(facts.fullScreen, rules.fullScreen.except),
    process: rules.programs.length === 0 ? null : programOf(facts.programs, rules.programs),
    battery: rules.onlyOnMains ? on(facts.onBattery, (isOnBattery) => (isOnBattery ? { is: 'holds', detail: null } : ABSENT)) : null,
    temperature: rules.maxCelsius === null ? null : temperatureOf(facts.celsius, rules.maxCelsius),
  };
  const next: Partial<Record<JudgedCode, Held>> = {};
  const pauses: RulePause[] = [];
  const judged: JudgedRule[] = [];
  for (const code of JUDGED_CODES) {
    const condition = conditions[code];
    // A rule that is off ends at once.
    if (condition === null) continue;
    const held = heldAfter(state[code] ?? null, condition, END_DELAY_MS[code], now);
    const isUnknown = condition.is === 'not_read' || condition.is === 'not_supported';
    const changesAtWallMs = code === 'schedule' ? open.changesAtWallMs : null;
    judged.push({ code, state: held !== null ? 'holds' : isUnknown ? condition.is : 'clear', changesAtWallMs });
    if (held === null) continue;
    next[code] = held;
    const shownEndWallMs = HAS_SHOWN_END[code] ? (held.end?.wallMs ?? null) : null;
    const untilWallMs = condition.is === 'holds' ? (condition.untilWallMs ?? null) : shownEndWallMs;
    pauses.push({ code, untilWallMs, detail: held.detail, runningJobs: rules.runningJobs });
  }
  return { state: next, pauses, rules: judged };
}

/** An unknown condition counts as absent: unknown is no reason to pause. */
function heldAfter(held: Held | null, condition: Condition, delayMs: number, now: Instant): Held | null {
  if (condition.is === 'holds') return { detail: condition.detail, end: null };
  if (held === null) return null;
  if (condition.is === 'near') return { ...held, end: null };
  const end = held.end ?? { atMonotonicMs: now.monotonicMs + delayMs, wallMs: now.wallMs + delayMs };
  return now.monotonicMs >= end.atMonotonicMs ? null : { ...held, end };
}

const on = <Value>(fact: Fact<Value>, judge: (value: Value) => Condition): Condition =>
  fact.known ? judge(fact.value) : { is: fact.reason };

const fullScreenOf = (fact: RuleFacts['fullScreen'], except: readonly string[]): Condition =>
  on(fact, (program) => (program === null || isNamed(program, except) ? ABSENT : { is: 'holds', detail: program }));

/** The first of the owner's list, so that the cause does not change with the order of the processes. */
const programOf = (fact: RuleFacts['programs'], wanted: readonly string[]): Condition =>
  on(fact, (running) => {
    const found = wanted.map((name) => running.find((program) => isNamed(program, [name]))).find((program) => program !== undefined);
    return found === undefined ? ABSENT : { is: 'holds', detail: found };
  });

const temperatureOf = (fact: RuleFacts['celsius'], maxCelsius: number): Condition =>
  on(fact, (celsius) => {
    if (celsius > maxCelsius) return { is: 'holds', detail: `> ${String(maxCelsius)} °C` };
    return celsius > maxCelsius - COOLER_BY_CELSIUS ? { is: 'near' } : ABSENT;
  });

const isNamed = (program: string, names: readonly string[]): boolean =>
  names.some((name) => programNameOf(name) === programNameOf(program));

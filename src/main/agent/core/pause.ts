// The pause of this computer (ADR 0026): the choice of the owner and the rules that hold now. Pure: (state, change, now) -> state. The node
// is paused while one cause holds, and resumes when the last one ends.
import { toPlainName } from '../../../shared/protocol/names';
import {
  MAX_PAUSE_DETAIL,
  MAX_PAUSE_MS,
  PAUSE_CODES,
  type PauseCode,
  type ReportedPause,
  type RunningJobs,
} from '../../../shared/protocol/pauses';

export type RuleCode = Exclude<PauseCode, 'owner'>;

/** A rule of the owner whose condition holds now. `untilWallMs` null: the end is not known. `runningJobs`: default `finish`. */
export interface RulePause {
  readonly code: RuleCode;
  readonly untilWallMs: number | null;
  /** For example the name of the program. */
  readonly detail: string | null;
  readonly runningJobs?: RunningJobs;
}

/** The owner paused this computer by hand. `untilWallMs` null: until the owner resumes. */
export interface OwnerChoice {
  readonly sinceWallMs: number;
  readonly untilWallMs: number | null;
  readonly runningJobs: RunningJobs;
}

type RuleKey = Pick<RulePause, 'code' | 'detail'>;

export interface PauseState {
  readonly owner: OwnerChoice | null;
  /** In the order of `PAUSE_CODES`. */
  readonly rules: readonly (RulePause & { readonly sinceWallMs: number })[];
  /** Rules that the owner overrides with "Share now", each until its condition ends. */
  readonly overridden: readonly RuleKey[];
}

export const NOT_PAUSED: PauseState = { owner: null, rules: [], overridden: [] };

export interface PauseCause {
  readonly code: PauseCode;
  readonly sinceWallMs: number;
  readonly untilWallMs: number | null;
  readonly detail: string | null;
  readonly runningJobs: RunningJobs;
}

/** Why the owner cannot choose this end. Null: it is valid. */
export function pauseEndFault(untilWallMs: number | null, nowWallMs: number): 'in_the_past' | 'too_late' | null {
  if (untilWallMs === null) return null;
  if (untilWallMs <= nowWallMs) return 'in_the_past';
  return untilWallMs - nowWallMs > MAX_PAUSE_MS ? 'too_late' : null;
}

/** A rule that the owner overrode holds again after this pause. */
export const pausedByOwner = (state: PauseState, choice: OwnerChoice): PauseState => ({ ...state, owner: choice, overridden: [] });

/** The owner shares now, also against the rules that hold at this moment. */
export const sharedNow = (state: PauseState): PauseState => ({
  ...state,
  owner: null,
  overridden: state.rules.map(({ code, detail }) => ({ code, detail })),
});

/** All rules whose conditions hold now. A rule that held before keeps its beginning. The same object when nothing changed. */
export function withRules(state: PauseState, rules: readonly RulePause[], nowWallMs: number): PauseState {
  const dated = rules.map((reported) => {
    const rule = { ...reported, detail: boundedDetail(reported.detail) };
    return { ...rule, sinceWallMs: state.rules.find(isSame(rule))?.sinceWallMs ?? nowWallMs };
  });
  const ordered = PAUSE_CODES.flatMap((code) => dated.filter((rule) => rule.code === code));
  const overridden = overriddenOf(state, ordered);
  // After a restart no rule is known, and an override of before may have ended.
  return overridden === state.overridden && isDeepEqual(ordered, state.rules) ? state : { ...state, rules: ordered, overridden };
}

/** A longer text would make the registration invalid. */
function boundedDetail(detail: string | null): string | null {
  const plain = toPlainName(detail ?? '', MAX_PAUSE_DETAIL);
  return plain === '' ? null : plain;
}

/** Without the causes that have ended. The same object when none has. */
export function pauseAt(state: PauseState, nowWallMs: number): PauseState {
  const hasEnded = ({ untilWallMs }: { readonly untilWallMs: number | null }) => untilWallMs !== null && untilWallMs <= nowWallMs;
  const isOver = state.owner !== null && hasEnded(state.owner);
  if (!isOver && !state.rules.some(hasEnded)) return state;
  const rules = state.rules.filter((rule) => !hasEnded(rule));
  return { owner: isOver ? null : state.owner, rules, overridden: overriddenOf(state, rules) };
}

/** The owner overrides a rule until its condition ends. The same list when none has ended. */
function overriddenOf({ overridden }: PauseState, rules: readonly RulePause[]): PauseState['overridden'] {
  const left = overridden.filter((key) => rules.some(isSame(key)));
  return left.length === overridden.length ? overridden : left;
}

/** For JSON values that this file makes, with their members in the same order. */
const isDeepEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The causes that hold, the owner's first. Empty: this computer shares. */
export function causesOf({ owner, rules, overridden }: PauseState): readonly PauseCause[] {
  const byRule = rules
    .filter((rule) => !overridden.some(isSame(rule)))
    .map(({ runningJobs = 'finish', ...rule }): PauseCause => ({ ...rule, runningJobs }));
  return owner === null ? byRule : [{ code: 'owner', detail: null, ...owner }, ...byRule];
}

export const runningJobsOf = (causes: readonly PauseCause[]): RunningJobs =>
  causes.some(({ runningJobs }) => runningJobs === 'move') ? 'move' : 'finish';

/** The pause that the scheduler gets: the cause that ends last, because the node resumes at its end. Null: this computer shares. */
export function reportedPauseOf(state: PauseState): ReportedPause | null {
  const causes = causesOf(state);
  const last = causes.reduce<PauseCause | null>((latest, cause) => (latest === null || endsLater(cause, latest) ? cause : latest), null);
  if (last === null) return null;
  return {
    reason_code: last.code,
    ...(last.detail === null ? {} : { detail: last.detail }),
    ...(last.untilWallMs === null ? {} : { until: last.untilWallMs }),
    ...(runningJobsOf(causes) === 'move' ? { timeout_seconds: 0 } : {}),
  };
}

/** When the next cause ends. Null: none has a known end. */
export function nextEndWallMs({ owner, rules }: PauseState): number | null {
  const ends = [owner?.untilWallMs, ...rules.map(({ untilWallMs }) => untilWallMs)].filter((end) => end != null);
  return ends.length === 0 ? null : Math.min(...ends);
}

const endsLater = (cause: PauseCause, other: PauseCause): boolean => (cause.untilWallMs ?? Infinity) > (other.untilWallMs ?? Infinity);

const isSame =
  ({ code, detail }: RuleKey) =>
  (other: RuleKey): boolean =>
    other.code === code && other.detail === detail;

// How fast a node has run a model (ADR 0024): exponentially weighted averages of the samples of its jobs. Part of the node's record, so a
// registration keeps the rates; a restart of the scheduler forgets them. Samples are bounded before they arrive here (dispatch/prediction/job-sample.ts).
// A node shows its rates only with the jobs that it gets. So it gets a job as a trial when it has not run the model, or not lately.
import { MAX_MODELS } from '../../../shared/protocol/limits';

/** One job that succeeded, as far as it shows a rate. Null: the job does not show it. */
export interface RateSample {
  /** Tokens of the prompt without the cached ones, or units of input, per second. */
  readonly inputPerSecond: number | null;
  /** Tokens of the answer per second, of this job alone. */
  readonly outputPerSecond: number | null;
  /** Jobs in flight on the node at the assignment, with this job. */
  readonly concurrency: number;
  /** How long the node loaded the model. */
  readonly loadSeconds: number | null;
  /** The duration of a job with too little work to show a rate. Absent: the job shows a rate, or nothing. */
  readonly shortJobMs?: number;
  /** The duration that the scheduler measured, divided by the duration that the rates predict for the work that was done. */
  readonly slowdown: number | null;
}

export interface ModelRates {
  /** Number of samples since the averages began. 0: no job showed a rate. */
  readonly samples: number;
  readonly inputPerSecond: number | null;
  /** By concurrency: at 1, 2, 3-4, 5-8, 9-16 and more jobs in flight. */
  readonly outputPerSecond: readonly (number | null)[];
  readonly loadSeconds: number | null;
  /** The mean duration of jobs with little work. Counts until a job shows a rate. Null: there was none. */
  readonly shortJobMs: number | null;
  /** The mean logarithm of the slowdown. */
  readonly logSlowdown: number;
  /** When the slowdown was last measured or eased. */
  readonly slowdownAtMonotonicMs: number;
  /** When a job of the model last succeeded on the node. */
  readonly measuredAtMonotonicMs: number;
  /** The node counts as one that has not run the model, until a job shows its rates. */
  readonly isTrialDue: boolean;
  /** The last sample that showed a rate, or the last trial. A trial is due after the time `trialAfterMs`. */
  readonly trialFromMonotonicMs: number;
  readonly trialAfterMs: number;
  /** Trials that showed no rate, since one did. */
  readonly missedTrials: number;
}

/** By model, also of models that the node removed lately. At most as many as a node can have models. */
export type NodeRates = ReadonlyMap<string, ModelRates>;

export const NO_RATES: NodeRates = new Map();

/** Prompt tokens in the time of one generated token, on usual GPUs. */
export const PROMPT_TO_OUTPUT = 40;
/** The weight of a new sample. The first samples have equal weights. */
const WEIGHT = 0.2;
/** A job with little work counts as an answer of so many tokens. This makes a node look faster than it is, so it soon gets a longer job. */
const SHORT_JOB_TOKENS = 8;
const LEVELS = 6;
const MS_PER_SECOND = 1000;
/** A job that runs beside twice as many others is expected to be this much slower, until a sample shows it. */
const SHARE_PER_LEVEL = 0.85;
const MAX_LOG_SLOWDOWN = Math.log(1_000_000);
const MIN_LOG_SLOWDOWN = -Math.log(2);
const EASED_AFTER_MS = 5 * 60_000;
/** A wrong rate is corrected after this time. Doubled with each trial that shows no higher rate, so that a slow node gets few trials. */
const TRIAL_AFTER_MS = 10 * 60_000;
const MAX_TRIAL_AFTER_MS = 120 * 60_000;
/** Of a removed model, since its last job. A trial has been due for at least as long, so that its place in the series of trials is kept. */
const REMOVED_KEPT_MS = 2 * MAX_TRIAL_AFTER_MS;
/** Less is not a higher rate. */
const HIGHER_TIMES = 1.5;
/** The first job may have loaded the model, and others may be too short to show a rate. */
const MAX_MISSED_TRIALS = 3;
/** 5 %. */
const NEGLIGIBLE_LOG_SLOWDOWN = Math.log(1.05);

const UNKNOWN: ModelRates = {
  samples: 0,
  inputPerSecond: null,
  outputPerSecond: Array.from({ length: LEVELS }, () => null),
  loadSeconds: null,
  shortJobMs: null,
  logSlowdown: 0,
  slowdownAtMonotonicMs: -Infinity,
  measuredAtMonotonicMs: -Infinity,
  isTrialDue: true,
  trialFromMonotonicMs: -Infinity,
  trialAfterMs: TRIAL_AFTER_MS,
  missedTrials: 0,
};

/** The rates of a model after one more job. The sample of a trial replaces what earlier samples showed. */
export function afterSample(rates: NodeRates, modelId: string, sample: RateSample, nowMonotonicMs: number): NodeRates {
  const known = rates.get(modelId) ?? UNKNOWN;
  const showsRate = sample.inputPerSecond !== null || sample.outputPerSecond !== null;
  if (!showsRate && (known.samples === 0 || known.isTrialDue))
    return new Map(rates).set(modelId, withoutRate(known, sample, nowMonotonicMs));
  // The slowdown of short jobs compares with rates that no longer count, too.
  const before = { ...(known.isTrialDue ? afterTrial(known, sample) : known), ...(known.samples === 0 ? { logSlowdown: 0 } : {}) };
  const samples = before.samples + 1;
  const weight = Math.max(WEIGHT, 1 / samples);
  const level = levelOf(sample.concurrency);
  // The slowdown of a trial, and of the first job that shows a rate, compares with rates that no longer count.
  const areRatesReplaced = known.samples === 0 ? known.shortJobMs !== null : known.isTrialDue;
  const slowdown = areRatesReplaced ? null : sample.slowdown;
  return new Map(rates).set(modelId, {
    ...before,
    samples,
    inputPerSecond: mean(before.inputPerSecond, sample.inputPerSecond, weight),
    outputPerSecond: before.outputPerSecond.map((rate, at) => (at === level ? mean(rate, sample.outputPerSecond, weight) : rate)),
    loadSeconds: mean(before.loadSeconds, sample.loadSeconds, weight),
    ...(slowdown === null ? {} : withSlowdown(before, slowdown, weight, nowMonotonicMs)),
    measuredAtMonotonicMs: nowMonotonicMs,
    trialFromMonotonicMs: showsRate ? nowMonotonicMs : before.trialFromMonotonicMs,
  });
}

const withSlowdown = ({ logSlowdown }: ModelRates, found: number, weight: number, slowdownAtMonotonicMs: number) => ({
  logSlowdown: logSlowdown + weight * (Math.min(MAX_LOG_SLOWDOWN, Math.max(MIN_LOG_SLOWDOWN, Math.log(found))) - logSlowdown),
  slowdownAtMonotonicMs,
});

const mean = (old: number | null, found: number | null, weight: number): number | null =>
  found === null ? old : old === null ? found : old + weight * (found - old);

/** The averages begin again. A rate that the trial does not show stays. */
function afterTrial(known: ModelRates, sample: RateSample): ModelRates {
  return {
    ...known,
    samples: 0,
    outputPerSecond: sample.outputPerSecond === null ? known.outputPerSecond : UNKNOWN.outputPerSecond,
    isTrialDue: false,
    trialAfterMs: known.samples === 0 || isHigher(known, sample) ? TRIAL_AFTER_MS : doubled(known.trialAfterMs),
    missedTrials: 0,
  };
}

function isHigher(known: ModelRates, { inputPerSecond, outputPerSecond, concurrency }: RateSample): boolean {
  const exceeds = (found: number | null, old: number | null): boolean => found !== null && old !== null && found > HIGHER_TIMES * old;
  return exceeds(inputPerSecond, known.inputPerSecond) || exceeds(outputPerSecond, outputPerSecondAt(known, concurrency));
}

/** A longer job can show that a node is slower than its short jobs. Otherwise a node could hide the rates of all longer jobs. */
function withoutRate(known: ModelRates, { loadSeconds, shortJobMs, slowdown }: RateSample, nowMonotonicMs: number): ModelRates {
  const isCompared = known.samples === 0 && known.shortJobMs !== null && slowdown !== null;
  const measured = {
    ...known,
    loadSeconds: mean(known.loadSeconds, loadSeconds, WEIGHT),
    shortJobMs: mean(known.shortJobMs, shortJobMs ?? null, WEIGHT),
    ...(isCompared ? withSlowdown(known, slowdown, WEIGHT, nowMonotonicMs) : {}),
    measuredAtMonotonicMs: nowMonotonicMs,
  };
  if (!known.isTrialDue) return measured;
  const missedTrials = known.missedTrials + 1;
  if (missedTrials < MAX_MISSED_TRIALS) return { ...measured, missedTrials };
  const trialAfterMs = missedTrials === MAX_MISSED_TRIALS ? known.trialAfterMs : doubled(known.trialAfterMs);
  return { ...measured, missedTrials, isTrialDue: false, trialFromMonotonicMs: nowMonotonicMs, trialAfterMs };
}

/** The node left before the job of a trial ended. */
export function withMissedTrial(rates: NodeRates, modelId: string, nowMonotonicMs: number): NodeRates {
  const known = rates.get(modelId) ?? UNKNOWN;
  const missed = { isTrialDue: false, missedTrials: Math.max(MAX_MISSED_TRIALS, known.missedTrials + 1) };
  const trialAfterMs = known.missedTrials < MAX_MISSED_TRIALS ? known.trialAfterMs : doubled(known.trialAfterMs);
  const atMonotonicMs = { measuredAtMonotonicMs: nowMonotonicMs, trialFromMonotonicMs: nowMonotonicMs };
  return new Map(rates).set(modelId, { ...known, ...missed, ...atMonotonicMs, trialAfterMs });
}

const doubled = (trialAfterMs: number): number => Math.min(MAX_TRIAL_AFTER_MS, 2 * trialAfterMs);

/** Whether a job showed how fast the node runs the model. */
export function hasRates(rates: NodeRates, modelId: string): boolean {
  const known = rates.get(modelId);
  return known !== undefined && (known.samples > 0 || known.shortJobMs !== null);
}

/** Whether a trial should replace the rates, or only jobs with little work showed them. */
export const areRatesDoubtful = ({ isTrialDue: isDue, samples }: ModelRates): boolean => isDue || samples === 0;

/** Whether the node should get a job of the model so that its rates are known. */
export const isTrialDue = (rates: NodeRates, modelId: string): boolean => (rates.get(modelId) ?? UNKNOWN).isTrialDue;

/** A node that looks slow gets no jobs, so none would show that its rates are wrong. The same object when no trial becomes due. */
export const withDueTrials = (rates: NodeRates, nowMonotonicMs: number): NodeRates =>
  changed(rates, (known) =>
    known.isTrialDue || nowMonotonicMs - known.trialFromMonotonicMs < known.trialAfterMs ? null : { ...known, isTrialDue: true },
  );

/**
 * A slow node gets no jobs, so none would show that it is as fast as before. A slowdown that was not measured for five minutes therefore falls
 * to its square root. The same object when none does.
 */
export const withEasedSlowdowns = (rates: NodeRates, nowMonotonicMs: number): NodeRates =>
  changed(rates, (known) =>
    known.logSlowdown <= NEGLIGIBLE_LOG_SLOWDOWN || nowMonotonicMs - known.slowdownAtMonotonicMs < EASED_AFTER_MS
      ? null
      : { ...known, logSlowdown: known.logSlowdown / 2, slowdownAtMonotonicMs: nowMonotonicMs },
  );

/** `change` returns null for rates that stay. */
function changed(rates: NodeRates, change: (known: ModelRates) => ModelRates | null): NodeRates {
  let copy: Map<string, ModelRates> | null = null;
  for (const [modelId, known] of rates) {
    const next = change(known);
    if (next !== null) (copy ??= new Map(rates)).set(modelId, next);
  }
  return copy ?? rates;
}

/**
 * Without the rates of models that the node removed long ago. A node that removes a model and adds it again must not get a trial before its
 * time. The same object when all are kept.
 */
export function withoutRemovedModels(
  rates: NodeRates,
  installed: readonly { readonly modelId: string }[],
  nowMonotonicMs: number,
): NodeRates {
  const ids = new Set(installed.map(({ modelId }) => modelId));
  const removed = [...rates]
    .filter(([modelId, known]) => !ids.has(modelId) && nowMonotonicMs - known.measuredAtMonotonicMs < REMOVED_KEPT_MS)
    .sort(([, a], [, b]) => b.measuredAtMonotonicMs - a.measuredAtMonotonicMs);
  const current = [...rates].filter(([modelId]) => ids.has(modelId));
  const kept = [...current, ...removed.slice(0, Math.max(0, MAX_MODELS - current.length))];
  return kept.length === rates.size ? rates : new Map(kept);
}

/**
 * How much longer jobs take than the rates say; at least 1. The scheduler measures this, so a node cannot look faster than it answers
 * (claims-of-nodes.test.ts).
 */
export const slowdownOf = ({ logSlowdown }: ModelRates): number => Math.max(1, Math.exp(logSlowdown));

/**
 * Tokens per second of one of `concurrency` jobs. A level without a sample follows from the nearest levels with one. Never more at a higher
 * concurrency. Null: no job of this model showed a rate.
 */
export function outputPerSecondAt({ outputPerSecond: known }: ModelRates, concurrency: number): number | null {
  const level = levelOf(concurrency);
  let lowest = Infinity;
  let below: number | null = null;
  for (const [at, rate] of known.entries()) {
    if (rate === null) continue;
    lowest = Math.min(lowest, rate);
    if (at > level) return Math.max(below ?? 0, lowest);
    below = lowest * SHARE_PER_LEVEL ** (level - at);
  }
  return below;
}

/**
 * Both rates of a model whose jobs showed at least one. The other one follows: with no rate, the node would look as if it needed no time for
 * that part of a job. Without a rate, those of jobs with little work. Null: no job showed how fast the node is.
 */
export function bothRatesAt(rates: ModelRates, concurrency: number): { readonly input: number; readonly output: number } | null {
  const shown = bothRates(rates.inputPerSecond, outputPerSecondAt(rates, concurrency));
  if (shown !== null || rates.shortJobMs === null) return shown;
  const alone = (SHORT_JOB_TOKENS / rates.shortJobMs) * MS_PER_SECOND;
  return bothRates(null, alone * SHARE_PER_LEVEL ** levelOf(concurrency));
}

export function bothRates(input: number | null, output: number | null): { readonly input: number; readonly output: number } | null {
  if (input === null) return output === null ? null : { input: output * PROMPT_TO_OUTPUT, output };
  return { input, output: output ?? input / PROMPT_TO_OUTPUT };
}

const levelOf = (concurrency: number): number => Math.min(LEVELS - 1, Math.ceil(Math.log2(Math.max(1, concurrency))));

// What a job that succeeded shows of its node and model (ADR 0024). The node reports figures, and the scheduler measures the whole duration.
// Figures that cannot be true teach nothing.
import { bothRatesAt, type ModelRates, PROMPT_TO_OUTPUT, type RateSample } from '../../lifecycle/model-rates';
import { isLoadExpected } from '../../lifecycle/expected-jobs';
import { residencyOf } from '../../lifecycle/model-residency';
import type { NodeRecord } from '../../lifecycle/node-record';
import { areTokensPlausible, reportedOutput, type SeenText, USUAL_BYTES_PER_TOKEN } from './counted-tokens';
import type { JobTimings } from './job-timings';
import type { WorkDone } from './pool-rates';

/** One attempt, as the scheduler saw it. */
export interface MeasuredAttempt extends SeenText {
  /** From the assignment to the result. */
  readonly elapsedMs: number;
  /** From the assignment to the first token that arrived. Null: the answer did not come in parts. */
  readonly firstTokenMs: number | null;
  /** Jobs in flight on the node at the assignment, with this job. */
  readonly concurrency: number;
  /** Predicted at the assignment: the wait for other prompts, and the time to load the model. */
  readonly beforeMs: number;
  /** The estimated input at the assignment. */
  readonly input: number;
  /** Of the texts of the prompt. An embedded file counts as a part of its characters. */
  readonly promptCharacters: number;
  /** The model may not have been in memory at the assignment, so the measured durations may contain a load. */
  readonly mayBeCold: boolean;
}

interface JobSample {
  readonly sample: RateSample;
  /** Null: the node reported no usable figures. */
  readonly done: WorkDone | null;
}

/** Durations of a node may be this much longer than the scheduler measured. */
const TOLERANCE = 1.1;
const TOLERANCE_MS = 250;
/** As many tokens of a template count. More are usually cached. */
const COUNTED_TEMPLATE_TOKENS = 64;
/** As many tokens that are not part of the text count. */
const COUNTED_MARK_TOKENS = 8;
/** Text has three or more bytes for each token. More tokens do not count, so that a node cannot report its work as many times larger. */
const MIN_BYTES_PER_TOKEN = 3;
/** A claimed input counts for the slowdown up to this many times the estimated one. Less is known of sound than of text. */
const MAX_TIMES_ESTIMATED = { generated: 1.5, other: 4 };
/** Fewer tokens do not show a rate: fixed costs are larger. */
const MIN_PROMPT_TOKENS = 32;
const MIN_OUTPUT_TOKENS = 8;
const MAX_INPUT_PER_SECOND = 1_000_000;
const MAX_OUTPUT_PER_SECOND = 20_000;
const MIN_PER_SECOND = 0.001;
const MIN_LOAD_MS = 1;
const MIN_DURATION_MS = 0.001;
/** Of the duration. A model that is in memory is not loaded for longer, so the rest shows no rates. */
const MAX_UNEXPECTED_LOAD = 0.25;
/** Servers report such a load of a model in memory. */
const USUAL_LOAD_MS = 100;
/** No server generates an answer this fast, so the stream was held back until its end. */
const AT_ONCE_PER_SECOND = 5000;
const MS_PER_SECOND = 1000;
/** Fixed costs of a request: so much more than the rates or the node explain says nothing. */
const OVERHEAD_MS = 50;
/** After so many samples, the rates are compared with measured durations. */
const TRUSTED_SAMPLES = 2;
/** A slowdown does not count while a load of this duration explains it. Only for a node whose load time is not known. */
const UNKNOWN_LOAD_MS = 120_000;
/** A shorter rest of the duration is no load. */
const MIN_HIDDEN_LOAD_MS = 1000;
const NO_RATE = { inputPerSecond: null, outputPerSecond: null };

/** A server that unloads idle models keeps them at least this long. */
const KEPT_LOADED_MS = 4 * 60_000;

/** Whether a job that is assigned now may have to wait for a load of the model. Commands and files usually have no model in memory. */
export function mayBeCold(record: NodeRecord, modelId: string, isGenerated: boolean, nowMonotonicMs: number): boolean {
  if (isLoadExpected(record.expectedJobs, modelId)) return true;
  const residency = residencyOf(record.profile, modelId);
  if (residency !== null) return residency === 'cold' || residency === 'loading';
  const lastMonotonicMs = record.rates.get(modelId)?.measuredAtMonotonicMs ?? -Infinity;
  return isGenerated && nowMonotonicMs - lastMonotonicMs > KEPT_LOADED_MS;
}

export function jobSampleOf(timings: JobTimings | null, measured: MeasuredAttempt, rates: ModelRates | null): JobSample {
  const usable = timings !== null && isPlausible(timings, measured) ? countedTimings(timings, measured) : null;
  const done = usable === null ? null : workDoneOf(usable);
  // The tokens of several answers are generated at once, which is no rate of one job.
  if (measured.answers > 1) return { sample: { ...NO_RATE, concurrency: measured.concurrency, loadSeconds: null, slowdown: null }, done };
  const output = outputTokensOf(usable, measured);
  const loadMs = usable?.loadMs ?? null;
  const isLoadUnknown = measured.mayBeCold && loadMs === null;
  const whole = wholeAnswerRates(usable, done, output, measured);
  const shown = whole ?? { inputPerSecond: inputRate(usable, measured), outputPerSecond: outputRate(usable, output, measured) };
  // The durations that the scheduler measured contain the load. A duration for the prompt that the node reports does not.
  const isPromptMeasured = whole !== null || (usable?.promptTokens ?? null) === null || (usable?.firstTokenMs ?? null) === null;
  const isLoadUnexpected = measured.isGenerated && !measured.mayBeCold && (loadMs ?? 0) > maxUnexpectedLoadMs(measured);
  const isLoadHidden = isLoadUnknown && isPromptMeasured;
  const isRateHidden = isLoadHidden || isLoadUnexpected;
  const excusedMs = isLoadHidden ? unexpectedLoadMs(measured, rates) : 0;
  const showsRate = shown.inputPerSecond !== null || shown.outputPerSecond !== null;
  const isShort = measured.isGenerated && measured.answerBytes < MIN_OUTPUT_TOKENS * USUAL_BYTES_PER_TOKEN;
  const isOnlyShortKnown = rates !== null && rates.samples === 0 && rates.shortJobMs !== null;
  const isTrusted = rates !== null && (rates.samples >= TRUSTED_SAMPLES || (isOnlyShortKnown && (showsRate || !isShort)));
  return {
    sample: {
      ...(isRateHidden ? NO_RATE : shown),
      concurrency: measured.concurrency,
      loadSeconds: loadMs === null && isLoadHidden && isTrusted ? hiddenLoad(done, output, measured, rates) : reportedLoad(loadMs),
      // Fixed costs differ by chance, so less than their time counts as equal.
      ...(isShort && !showsRate && !isRateHidden ? { shortJobMs: Math.max(OVERHEAD_MS, serviceMs(usable, measured)) } : {}),
      slowdown: isTrusted ? slowdown(done, output, measured, rates, excusedMs) : null,
    },
    done,
  };
}

const reportedLoad = (loadMs: number | null): number | null => (loadMs !== null && loadMs >= MIN_LOAD_MS ? loadMs / MS_PER_SECOND : null);

/** A load that the node does not report, as far as it was not predicted. */
function unexpectedLoadMs({ beforeMs }: MeasuredAttempt, rates: ModelRates | null): number {
  const knownSeconds = rates?.loadSeconds ?? null;
  return knownSeconds === null ? UNKNOWN_LOAD_MS : Math.max(0, knownSeconds * MS_PER_SECOND - beforeMs);
}

/** Seconds. Without it, a node that is always cold would look as if each load took the default time. Only until a load time is known. */
function hiddenLoad(done: WorkDone | null, output: number, measured: MeasuredAttempt, rates: ModelRates): number | null {
  const workMs = expectedWorkMs(done, output, measured, rates);
  if (rates.loadSeconds !== null || workMs === null) return null;
  const loadMs = Math.min(UNKNOWN_LOAD_MS, measured.elapsedMs - workMs);
  return loadMs < MIN_HIDDEN_LOAD_MS ? null : loadMs / MS_PER_SECOND;
}

const maxUnexpectedLoadMs = ({ elapsedMs }: MeasuredAttempt): number => Math.max(USUAL_LOAD_MS, MAX_UNEXPECTED_LOAD * elapsedMs);

/** The generated tokens. A node that does not report their number has sent about as many as its text shows. */
function outputTokensOf(usable: JobTimings | null, { isGenerated, answerBytes }: MeasuredAttempt): number {
  return isGenerated ? (usable?.completionTokens ?? answerBytes / USUAL_BYTES_PER_TOKEN) : 0;
}

/**
 * For a generated answer that came in one part from a server that reports no durations: both rates from the whole duration. A GPU processes a
 * prompt many times faster than it generates. Null: the answer came in parts, or has durations.
 * A stream that arrived at once is such an answer, too: the time until its first token is not the time for the prompt.
 */
function wholeAnswerRates(usable: JobTimings | null, done: WorkDone | null, output: number, measured: MeasuredAttempt) {
  const { isGenerated, firstTokenMs } = measured;
  if (!isGenerated) return null;
  const hasDurations = firstTokenMs !== null || (usable?.firstTokenMs ?? usable?.decodeMs ?? null) !== null;
  if (hasDurations && !isAtOnce(usable, output, measured)) return null;
  const uncached = done === null ? measured.input : done.input - (done.cached ?? 0);
  if (uncached < MIN_PROMPT_TOKENS && output < MIN_OUTPUT_TOKENS) return NO_RATE;
  const outputPerSecond = rate(uncached / PROMPT_TO_OUTPUT + output, serviceMs(usable, measured), MAX_OUTPUT_PER_SECOND);
  return { inputPerSecond: outputPerSecond === null ? null : outputPerSecond * PROMPT_TO_OUTPUT, outputPerSecond };
}

/** Whether all parts arrived together, and the node reports no longer time for the answer. */
function isAtOnce(usable: JobTimings | null, output: number, { elapsedMs, firstTokenMs }: MeasuredAttempt): boolean {
  if (firstTokenMs === null || output < MIN_OUTPUT_TOKENS) return false;
  const answerMs = Math.max(elapsedMs - firstTokenMs, usable?.decodeMs ?? 0);
  return output - 1 > (AT_ONCE_PER_SECOND * answerMs) / MS_PER_SECOND;
}

/** The time of the prompt and of the answer: as the node reports them, else as the scheduler measured them. Null: neither did. */
function durationsOf(usable: JobTimings | null, measured: MeasuredAttempt) {
  const { elapsedMs, firstTokenMs, beforeMs, mayBeCold } = measured;
  const otherMs = countedQueueMs(usable, measured) + (mayBeCold ? (usable?.loadMs ?? 0) : 0);
  const [promptMs, answerMs] = [usable?.firstTokenMs ?? null, usable?.decodeMs ?? null];
  const seen = firstTokenMs === null ? null : { promptMs: firstTokenMs - beforeMs, answerMs: elapsedMs - firstTokenMs };
  return {
    promptMs: promptMs ?? seen?.promptMs ?? (answerMs === null ? null : elapsedMs - otherMs - answerMs),
    answerMs: answerMs ?? seen?.answerMs ?? (promptMs === null ? null : elapsedMs - otherMs - promptMs),
    /** The part of the whole duration that is known. */
    explainedMs: otherMs + (promptMs ?? firstTokenMs ?? 0) + (answerMs ?? seen?.answerMs ?? 0),
  };
}

/** The measured duration without the time before the work. The predicted time has a predicted load of a cold model, and the node knows the true one. */
function serviceMs(usable: JobTimings | null, measured: MeasuredAttempt): number {
  const beforeMs = measured.mayBeCold ? (usable?.loadMs ?? 0) : measured.beforeMs;
  return measured.elapsedMs - beforeMs - countedQueueMs(usable, measured);
}

/** The other jobs in flight can explain a wait of their share of the duration, and the prediction may expect a longer one. */
function countedQueueMs(usable: JobTimings | null, { elapsedMs, beforeMs, concurrency }: MeasuredAttempt): number {
  return Math.min(usable?.queueMs ?? 0, Math.max(beforeMs, elapsedMs * (1 - 1 / concurrency)));
}

/** Nothing is known of the rest of the measured duration, so the rates of the node are lower by this factor. */
function unexplainedShare(explainedMs: number, { elapsedMs }: MeasuredAttempt): number {
  return explainedMs < MIN_DURATION_MS ? 1 : Math.max(1, (elapsedMs - OVERHEAD_MS) / explainedMs);
}

function isPlausible(timings: JobTimings, measured: MeasuredAttempt): boolean {
  const { queueMs, loadMs, firstTokenMs, decodeMs, inputUnits } = timings;
  const durationMs = (queueMs ?? 0) + (loadMs ?? 0) + (firstTokenMs ?? 0) + (decodeMs ?? 0);
  if (durationMs > measured.elapsedMs * TOLERANCE + TOLERANCE_MS) return false;
  return (inputUnits ?? 0) <= measured.requestBytes && areTokensPlausible(timings, measured);
}

/** The claimed tokens as far as the text that the scheduler saw can have them. */
function countedTimings(timings: JobTimings, measured: MeasuredAttempt): JobTimings {
  const { promptTokens, cachedTokens } = timings;
  const { requestBytes, promptCharacters, answerBytes } = measured;
  const maxPrompt = Math.ceil(Math.min(requestBytes / MIN_BYTES_PER_TOKEN, promptCharacters)) + COUNTED_TEMPLATE_TOKENS;
  const maxOutput = Math.ceil(answerBytes / MIN_BYTES_PER_TOKEN) + COUNTED_MARK_TOKENS;
  const prompt = promptTokens === null ? null : Math.min(promptTokens, maxPrompt);
  const uncached = Math.min((promptTokens ?? 0) - (cachedTokens ?? 0), prompt ?? 0);
  const output = reportedOutput(timings, measured);
  return {
    ...timings,
    promptTokens: prompt,
    cachedTokens: cachedTokens === null ? null : (prompt ?? 0) - uncached,
    completionTokens: output === null ? null : Math.min(output, maxOutput),
  };
}

function workDoneOf({ promptTokens, inputUnits, cachedTokens, completionTokens }: JobTimings): WorkDone | null {
  const input = promptTokens ?? inputUnits;
  return input === null || input <= 0 ? null : { input, cached: cachedTokens, output: completionTokens };
}

function inputRate(usable: JobTimings | null, measured: MeasuredAttempt): number | null {
  const { promptTokens = null, cachedTokens = null, inputUnits = null, queueMs = null, loadMs = null } = usable ?? {};
  const { isGenerated, elapsedMs, beforeMs, input } = measured;
  if (isGenerated || promptTokens !== null) {
    const processed = promptTokens === null ? input : promptTokens - (cachedTokens ?? 0);
    const { promptMs, explainedMs } = durationsOf(usable, measured);
    if (promptMs === null || processed < MIN_PROMPT_TOKENS) return null;
    return rate(processed, promptMs * unexplainedShare(explainedMs, measured), MAX_INPUT_PER_SECOND);
  }
  // For a node that reports no figures: from the estimated work. The wait before the input is not known, so the predicted one counts.
  if (inputUnits === null) return rate(input, elapsedMs - beforeMs, MAX_INPUT_PER_SECOND);
  return rate(inputUnits, elapsedMs - (queueMs ?? 0) - (loadMs ?? 0), MAX_INPUT_PER_SECOND);
}

/** The first token is part of the time of the prompt. */
function outputRate(usable: JobTimings | null, output: number, measured: MeasuredAttempt): number | null {
  const { answerMs, explainedMs } = durationsOf(usable, measured);
  if (answerMs === null || output < MIN_OUTPUT_TOKENS) return null;
  return rate(output - 1, answerMs * unexplainedShare(explainedMs, measured), MAX_OUTPUT_PER_SECOND);
}

/** Null: no node is that fast or slow. */
function rate(amount: number, durationMs: number, maxPerSecond: number): number | null {
  if (durationMs <= 0 || amount <= 0) return null;
  const perSecond = (amount / durationMs) * MS_PER_SECOND;
  return perSecond > maxPerSecond || perSecond < MIN_PER_SECOND ? null : perSecond;
}

/** The measured duration, relative to the duration that the rates predict for the work that was done. Null: a load may explain it. */
function slowdown(done: WorkDone | null, output: number, measured: MeasuredAttempt, rates: ModelRates, excusedMs: number): number | null {
  const workMs = expectedWorkMs(done, output, measured, rates);
  if (workMs === null) return null;
  const found = timesLonger(measured.elapsedMs, measured.beforeMs + workMs + excusedMs);
  return excusedMs > 0 && found <= 1 ? null : found;
}

/** The duration of the work that was done, as the rates predict it. */
function expectedWorkMs(
  done: WorkDone | null,
  output: number,
  { concurrency, input, isGenerated }: MeasuredAttempt,
  rates: ModelRates,
): number | null {
  const perSecond = bothRatesAt(rates, concurrency);
  if (perSecond === null) return null;
  const claimed = done === null ? input : done.input - (done.cached ?? 0);
  const uncached = Math.min(claimed, input * MAX_TIMES_ESTIMATED[isGenerated ? 'generated' : 'other']);
  return (uncached / perSecond.input + output / perSecond.output) * MS_PER_SECOND;
}

/** Fixed costs do not make a job longer than expected. They are not in the divisor, where they would hide that nearly all is unexplained. */
function timesLonger(measuredMs: number, expectedMs: number): number {
  const expected = Math.max(MIN_DURATION_MS, expectedMs);
  if (measuredMs <= expected) return Math.max(MIN_DURATION_MS, measuredMs) / expected;
  return Math.max(1, (measuredMs - OVERHEAD_MS) / expected);
}

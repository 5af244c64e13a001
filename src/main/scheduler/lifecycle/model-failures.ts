// Failures of attempts, counted per model of a node (ADR 0018). A first failure lowers the rank of the node for the model for a time. Three
// in a row exclude the model on the node, each time for longer. After an exclusion one job at a time tests the model: a success clears the
// count, a failure excludes the model again. Pure and immutable: a transition returns the same object when nothing changed.
import { backoffMs } from '../../../shared/backoff';
import { MAX_MODELS } from '../../../shared/protocol/limits';
import type { AttemptError, Instant, ModelFailures, NodeFailures, NodeProfile } from './node-record';

/** From this number of failures in a row the model is excluded. */
export const EXCLUDING_FAILURES = 3;
/** The rank is lowered for this time after a failure or a refusal. It is also the length of the first exclusion. */
const FIRST_PERIOD_MS = 30_000;
const MAX_PERIOD_MS = 600_000;
/** The entry of a removed model is kept for this time after the end of its exclusion. */
const KEPT_AFTER_EXCLUSION_MS = 600_000;
/** A node that refuses all jobs has at most as many refusals in its rank. */
const MAX_COUNTED_REFUSALS = 16;

/** A node writes the message, and every exclusion shows it. */
const MAX_MESSAGE_LENGTH = 256;

/**
 * What an attempt shows about its model on the node. `refused`: the node did not try. `unconfirmed`: a final error, and no other node could
 * confirm it. `none`: nothing.
 */
export type AttemptVerdict =
  | { readonly kind: 'succeeded' | 'refused' | 'none' }
  | { readonly kind: 'failed' | 'unconfirmed'; readonly error: AttemptError };

/** The model and the job of an attempt. */
export interface ModelAttempt {
  readonly modelId: string;
  readonly jobId: string;
}

export const NO_FAILURES: NodeFailures = { byModel: new Map(), nextEndMonotonicMs: null };

const NONE: ModelFailures = {
  phase: 'counted',
  failures: 0,
  unconfirmed: 0,
  refusals: 0,
  exclusions: 0,
  lastError: null,
  until: { wallMs: 0, monotonicMs: 0 },
  testJobId: null,
  isRemoved: false,
};

/** The node gets no job on the model. */
export const isExcluded = ({ phase }: ModelFailures): boolean => phase === 'excluded' || phase === 'testing';

/** The model is excluded, or a job must test it before further jobs. */
export const isFailingModel = ({ failures }: ModelFailures): boolean => failures >= EXCLUDING_FAILURES;

/** Failed attempts in a row, those included that no other node could confirm. */
export const shownFailures = ({ failures, unconfirmed }: ModelFailures): number => failures + unconfirmed;

/** Whether the failures are shown. A removed model that is not excluded any more gets no job. */
export const isShownFailing = (entry: ModelFailures): boolean =>
  shownFailures(entry) >= EXCLUDING_FAILURES && (!entry.isRemoved || isExcluded(entry));

/** Jobs in flight that the rank of the node counts in addition for a job on this model. */
export function addedLoad({ byModel }: NodeFailures, modelId: string): number {
  if (byModel.size === 0) return 0;
  const entry = byModel.get(modelId);
  return entry?.phase === 'lowered' ? Math.min(MAX_COUNTED_REFUSALS, entry.failures + entry.refusals) : 0;
}

/** A job on the model was assigned. */
export function afterAssignment(failures: NodeFailures, modelId: string, jobId: string): NodeFailures {
  const entry = failures.byModel.get(modelId);
  return entry?.phase === 'testable' ? withEntry(failures, modelId, { ...entry, phase: 'testing', testJobId: jobId }) : failures;
}

/** An attempt of a job on the model has ended. */
export function afterAttempt(
  failures: NodeFailures,
  { modelId, jobId }: ModelAttempt,
  verdict: AttemptVerdict,
  now: Instant,
): NodeFailures {
  const entry = failures.byModel.get(modelId);
  switch (verdict.kind) {
    case 'succeeded':
      return entry === undefined ? failures : withEntry(failures, modelId, null);
    case 'failed':
      return afterFailure(failures, { modelId, jobId }, verdict.error, now);
    case 'unconfirmed':
      return withEntry(failures, modelId, unconfirmed(entry ?? NONE, jobId, verdict.error, now));
    case 'refused':
      return withEntry(failures, modelId, refused(entry ?? NONE, jobId, now));
    case 'none':
      return entry?.phase === 'testing' && entry.testJobId === jobId
        ? withEntry(failures, modelId, { ...entry, phase: 'testable' })
        : failures;
  }
}

/** One more failed attempt. An attempt that began before an exclusion counts, but neither lengthens the exclusion nor ends the test. */
export function afterFailure(
  failures: NodeFailures,
  { modelId, jobId }: ModelAttempt,
  { code, message }: AttemptError,
  now: Instant,
): NodeFailures {
  const entry = failures.byModel.get(modelId) ?? NONE;
  const counted = { ...entry, failures: entry.failures + 1, lastError: shortened({ code, message }) };
  if (isFromBeforeExclusion(entry, jobId)) return withEntry(failures, modelId, counted);
  if (counted.failures < EXCLUDING_FAILURES) return withEntry(failures, modelId, lowered(counted, now));
  return withEntry(failures, modelId, excluded({ ...counted, exclusions: entry.exclusions + 1 }, now));
}

/** After an exclusion only the job of its last test began later. */
function isFromBeforeExclusion({ phase, testJobId }: ModelFailures, jobId: string): boolean {
  return phase === 'excluded' || ((phase === 'testable' || phase === 'testing') && testJobId !== jobId);
}

/**
 * The job of a counted failure failed on other nodes as well, so this failure was not the node's. It lowers the rank as a refusal does.
 * An exclusion that began with it ends.
 */
export function afterExcuse(failures: NodeFailures, modelId: string, now: Instant): NodeFailures {
  const entry = failures.byModel.get(modelId);
  if (entry === undefined || entry.failures === 0) return failures;
  const excused = { ...entry, failures: entry.failures - 1, refusals: entry.refusals + 1 };
  if (isFailingModel(excused)) return withEntry(failures, modelId, excused);
  return withEntry(failures, modelId, lowered({ ...excused, exclusions: Math.max(0, entry.exclusions - 1) }, now));
}

/** A refused test repeats the exclusion, else the node would get and refuse one job after the other. */
function refused(entry: ModelFailures, jobId: string, now: Instant): ModelFailures {
  const counted = { ...entry, refusals: entry.refusals + 1 };
  if (isFromBeforeExclusion(entry, jobId)) return counted;
  return isFailingModel(entry) ? excluded(counted, now) : lowered(counted, now);
}

/**
 * Only this node has the model, or the job had no attempt left. The request may be at fault, so the error lowers the rank, and excludes
 * nothing: a pool of one node would stop for one client with invalid requests.
 */
function unconfirmed(entry: ModelFailures, jobId: string, error: AttemptError, now: Instant): ModelFailures {
  const counted = { ...entry, unconfirmed: entry.unconfirmed + 1, refusals: entry.refusals + 1, lastError: shortened(error) };
  if (isFromBeforeExclusion(entry, jobId)) return counted;
  return isFailingModel(entry) ? { ...counted, phase: 'testable' } : lowered(counted, now);
}

const shortened = ({ code, message }: AttemptError): AttemptError => ({ code, message: message.slice(0, MAX_MESSAGE_LENGTH) });

const lowered = (entry: ModelFailures, now: Instant): ModelFailures => ({
  ...entry,
  phase: 'lowered',
  until: later(now, FIRST_PERIOD_MS),
  testJobId: null,
});

const excluded = (entry: ModelFailures, now: Instant): ModelFailures => ({
  ...entry,
  phase: 'excluded',
  until: later(now, backoffMs({ firstMs: FIRST_PERIOD_MS, maxMs: MAX_PERIOD_MS }, entry.exclusions)),
  testJobId: null,
});

const later = ({ wallMs, monotonicMs }: Instant, ms: number): Instant => ({ wallMs: wallMs + ms, monotonicMs: monotonicMs + ms });

/** Ends the periods that are over, and drops the entries of removed models that were kept for long enough. */
export function afterPeriods(failures: NodeFailures, profile: NodeProfile, now: Instant): NodeFailures {
  const { nextEndMonotonicMs } = failures;
  if (nextEndMonotonicMs === null || nextEndMonotonicMs > now.monotonicMs) return failures;
  const installed = installedOn(profile);
  const byModel = new Map<string, ModelFailures>();
  for (const [modelId, previous] of failures.byModel) {
    const entry = { ...previous, isRemoved: !installed.has(modelId) };
    if (isForgotten(entry, now)) continue;
    if (!hasPeriod(entry) || entry.until.monotonicMs > now.monotonicMs) byModel.set(modelId, entry);
    else if (shownFailures(entry) > 0)
      byModel.set(modelId, { ...entry, refusals: 0, phase: isFailingModel(entry) ? 'testable' : 'counted' });
  }
  return failuresOf(byModel);
}

/**
 * The models of the node may have changed. The entry of a removed model is kept to the end of its period, and for a time after an
 * exclusion: otherwise a node could clear its failures, or shorten the next exclusion, with two heartbeats.
 */
export function afterModelChange(failures: NodeFailures, profile: NodeProfile, now: Instant): NodeFailures {
  if (failures.byModel.size === 0) return failures;
  const installed = installedOn(profile);
  const byModel = new Map<string, ModelFailures>();
  let hasChanged = false;
  for (const [modelId, previous] of failures.byModel) {
    const isRemoved = !installed.has(modelId);
    const entry = isRemoved === previous.isRemoved ? previous : { ...previous, isRemoved };
    hasChanged ||= entry !== previous;
    if (isForgotten(previous, now) || isForgotten(entry, now)) hasChanged = true;
    else byModel.set(modelId, entry);
  }
  return hasChanged ? failuresOf(byModel) : failures;
}

/** The entry of a removed model has no use any more. */
const isForgotten = (entry: ModelFailures, now: Instant): boolean => entry.isRemoved && forgottenAtMonotonicMs(entry) <= now.monotonicMs;

const forgottenAtMonotonicMs = ({ until, exclusions }: ModelFailures): number =>
  until.monotonicMs + (exclusions === 0 ? 0 : KEPT_AFTER_EXCLUSION_MS);

const installedOn = ({ installedModels }: NodeProfile): ReadonlySet<string> => new Set(installedModels.map(({ modelId }) => modelId));

const hasPeriod = ({ phase }: ModelFailures): boolean => phase === 'lowered' || phase === 'excluded';

/** `entry` null: removes the entry. Above the limit the entry whose period ends first is dropped. */
function withEntry(failures: NodeFailures, modelId: string, entry: ModelFailures | null): NodeFailures {
  const byModel = new Map(failures.byModel);
  if (entry === null) byModel.delete(modelId);
  else byModel.set(modelId, entry);
  if (byModel.size > MAX_MODELS) byModel.delete(firstToEnd(byModel, modelId));
  return failuresOf(byModel);
}

function firstToEnd(byModel: ReadonlyMap<string, ModelFailures>, except: string): string {
  let first: string | null = null;
  let firstEndMonotonicMs = Infinity;
  for (const [modelId, { until }] of byModel) {
    if (modelId === except || until.monotonicMs >= firstEndMonotonicMs) continue;
    [first, firstEndMonotonicMs] = [modelId, until.monotonicMs];
  }
  return first ?? except;
}

function failuresOf(byModel: ReadonlyMap<string, ModelFailures>): NodeFailures {
  if (byModel.size === 0) return NO_FAILURES;
  let nextEndMonotonicMs: number | null = null;
  for (const entry of byModel.values()) {
    const endMonotonicMs = hasPeriod(entry) ? entry.until.monotonicMs : entry.isRemoved ? forgottenAtMonotonicMs(entry) : null;
    if (endMonotonicMs !== null) nextEndMonotonicMs = Math.min(nextEndMonotonicMs ?? Infinity, endMonotonicMs);
  }
  return { byModel, nextEndMonotonicMs };
}

// Why a node was no candidate, as sentences with the wanted and found values (lifecycle §3). Unknown values are shown as JSON.
import {
  type ExclusionFacts,
  exclusionFacts,
  type FailingModelFacts,
  isHidden,
  type MissingModels,
  type OverLimits,
  type PauseFacts,
  type ReportedExclusion,
} from '../../shared/api/exclusion-facts';
import { assertNever } from '../../shared/assert-never';
import type { MissedJobs } from '../../shared/api/dispatch';
import type { Catalogue } from '../i18n/en/index';
import type { Labels } from '../i18n/use-labels';
import { pauseLabel } from './pause-labels';

/** A key of the catalogue whose text may contain `<b>`, and its values. */
export interface RichText {
  readonly key: `explain.${keyof Catalogue['explain']}`;
  readonly values: Readonly<Record<string, string>>;
}

const DRAINED: readonly string[] = ['drain_complete', 'drain_timeout'];

export function exclusionTexts(labels: Labels, exclusion: ReportedExclusion): readonly RichText[] {
  const facts = exclusionFacts(exclusion);
  if (facts !== null) return factTexts(labels, facts);
  if (isHidden(exclusion)) return [];
  return [{ key: 'explain.raw', values: { wanted: JSON.stringify(exclusion.wanted), found: JSON.stringify(exclusion.found) } }];
}

function factTexts(labels: Labels, facts: ExclusionFacts): readonly RichText[] {
  const { format } = labels;
  switch (facts.code) {
    case 'not_requested_node':
      return facts.requested === null
        ? [{ key: 'explain.other_node', values: {} }]
        : [{ key: 'explain.not_requested_node', values: { wanted: facts.requested } }];
    case 'status_not_ready': {
      // The status of a drained node is `offline`, also while it is connected: its state is "Paused".
      if (facts.pause !== null) return [pauseTextOf(labels, facts.pause)];
      if (DRAINED.includes(facts.reasonCode)) return [{ key: 'explain.drained', values: {} }];
      const values = { status: labels.code('status', facts.status), reason: labels.code('status_reason', facts.reasonCode) };
      return [{ key: 'explain.status_not_ready', values }];
    }
    case 'not_online':
      return [{ key: 'explain.not_online', values: {} }];
    case 'quarantined':
      return facts.reason === null
        ? [{ key: 'explain.quarantined', values: {} }]
        : [{ key: 'explain.quarantined_because', values: { reason: facts.reason } }];
    case 'not_in_public_pool':
      return [{ key: 'explain.not_in_public_pool', values: {} }];
    case 'gpu_unavailable':
      return facts.fault === null
        ? [{ key: 'explain.gpu_memory', values: { wanted: format.gb(facts.wantedGb), found: format.gb(facts.largestGb) } }]
        : [{ key: 'explain.gpu_none', values: { fault: labels.code('gpu_use_fault', facts.fault) } }];
    case 'model_not_available':
      return [{ key: 'explain.model_not_available', values: { wanted: lackText(labels, facts) } }];
    case 'model_failing':
      return failingTexts(labels, facts);
    case 'capacity_exceeded':
      return [{ key: 'explain.capacity_exceeded', values: { found: format.number(facts.inFlight), wanted: format.number(facts.limit) } }];
    case 'vram_insufficient':
      return [
        {
          key: 'explain.vram_insufficient',
          values: { model: facts.model, wanted: format.gb(facts.neededGb), found: format.gb(facts.freeGb) },
        },
      ];
    case 'resource_threshold_exceeded':
      return loadTexts(labels, facts);
    default:
      return assertNever(facts);
  }
}

/** The cause that all missed jobs of a reason share, with its name. Null: they have several, or the reason has none with a name. */
export function sharedCause(labels: Labels, reason: MissedJobs['reasons'][number]): string | null {
  const facts = reason.same === true || reason.count === 1 ? exclusionFacts(reason) : null;
  if (facts?.code !== 'model_not_available') return null;
  const { t } = labels;
  const { models, kinds, features, refusedTask: task } = facts;
  const lacks = (key: keyof Catalogue['missed_jobs_card']['lacks'], names: readonly string[]): readonly string[] =>
    names.length === 0 ? [] : [t(`missed_jobs_card.lacks.${key}`, { names: names.join(t('punctuation.list')) })];
  const isInstalled = models.some(({ state }) => state !== 'not_installed');
  const [cause = null, ...others] = [
    ...lacks(
      isInstalled ? 'not_ready' : 'not_installed',
      models.map(({ id }) => id),
    ),
    ...lacks(
      'kind',
      kinds.map((kind) => kindText(labels, kind)),
    ),
    ...lacks(
      'feature',
      features.map((feature) => labels.code('feature', feature)),
    ),
    ...(task === null ? [] : [`${task.model} ${takenText(labels, task.task, task.taken)}`]),
  ];
  return others.length === 0 ? cause : null;
}

const kindText = (labels: Labels, { kind, languages }: MissingModels['kinds'][number]): string =>
  `${labels.code('model_kind', kind)} ${languages.join(' → ')}`.trim();

function failingTexts({ format }: Labels, { model, failures, untilWallMs, lastError }: FailingModelFacts): readonly RichText[] {
  const values = { model, failures: format.number(failures) };
  const failing: RichText =
    untilWallMs === null
      ? { key: 'explain.model_testing', values }
      : // The exclusion ends within minutes, so the time alone is clear.
        { key: 'explain.model_failing', values: { ...values, until: format.clock(untilWallMs, untilWallMs) } };
  return lastError === null ? [failing] : [failing, { key: 'explain.last_error', values: { error: lastError.message } }];
}

function lackText(labels: Labels, { models, kinds, features, refusedTask }: MissingModels): string {
  const { t } = labels;
  const item = (name: string, state: string): string => t('explain.item', { name, state });
  const items = [
    ...models.map(({ id, state }) => item(id, labels.code('node_model_state', state))),
    ...kinds.map((kind) => item(kindText(labels, kind), kind.isInstalled ? t('explain.not_of_language') : t('explain.none_of_kind'))),
    ...features.map((feature) => item(labels.code('feature', feature), t('explain.not_supported'))),
  ];
  if (refusedTask !== null) items.push(item(refusedTask.model, takenText(labels, refusedTask.task, refusedTask.taken)));
  return items.join(t('punctuation.comma'));
}

function takenText(labels: Labels, wanted: string, taken: readonly string[]): string {
  if (taken.length === 0) return labels.t('explain.no_tasks');
  const tasks = taken.map((task) => labels.code('task', task)).join(labels.t('punctuation.list'));
  return labels.t('explain.other_tasks', { task: labels.code('task', wanted), tasks });
}

function loadTexts({ format }: Labels, { over }: OverLimits): readonly RichText[] {
  if (over === null) return [{ key: 'explain.use_unknown', values: {} }];
  return over.map((item) =>
    item.use === 'available_memory'
      ? { key: 'explain.memory_available', values: { found: format.gb(item.availableGb), wanted: format.gb(item.requiredGb) } }
      : {
          key: `explain.threshold_${item.use}`,
          values: { found: format.percent(item.percent), wanted: format.percent(item.limitPercent) },
        },
  );
}

/** An end on another day than the beginning has its date. */
const pauseTextOf = (labels: Labels, { code, detail, sinceWallMs, untilWallMs: until }: PauseFacts): RichText => ({
  key: 'explain.paused',
  values: { pause: pauseLabel(labels, { code, detail, until }, 'node', sinceWallMs) },
});

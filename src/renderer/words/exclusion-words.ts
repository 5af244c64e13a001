// Why a node was no candidate, as sentences with the numbers wanted and found (lifecycle §3). What is not understood is shown raw.
import { type ExclusionFacts, exclusionFacts, type ModelLack, type OverUse, type ReportedExclusion } from '../../shared/api/exclusion-facts';
import { assertNever } from '../../shared/assert-never';
import type { Catalogue } from '../i18n/en/index';
import type { Words } from '../i18n/use-words';

/** A key of the catalogue whose words may hold `<b>`, and its values. */
export interface RichText {
  readonly key: `explain.${keyof Catalogue['explain'] & string}`;
  readonly values: Readonly<Record<string, string>>;
}

export function exclusionWords(words: Words, told: ReportedExclusion): readonly RichText[] {
  const facts = exclusionFacts(told);
  if (facts !== null) return factWords(words, facts);
  return [{ key: 'explain.raw', values: { wanted: JSON.stringify(told.wanted), found: JSON.stringify(told.found) } }];
}

function factWords(words: Words, facts: ExclusionFacts): readonly RichText[] {
  const { format } = words;
  switch (facts.code) {
    case 'not_requested_node':
      return [{ key: 'explain.not_requested_node', values: { wanted: facts.requested } }];
    case 'status_not_ready': {
      const values = { status: words.code('status', facts.status), reason: words.code('status_reason', facts.reasonCode) };
      return [{ key: 'explain.status_not_ready', values }];
    }
    case 'not_online':
      return [{ key: 'explain.not_online', values: {} }];
    case 'not_in_public_pool':
      return [{ key: 'explain.not_in_public_pool', values: {} }];
    case 'gpu_unavailable':
      return facts.fault === null
        ? [{ key: 'explain.gpu_memory', values: { wanted: format.gb(facts.wantedGb), found: format.gb(facts.largestGb) } }]
        : [{ key: 'explain.gpu_none', values: { fault: words.code('gpu_use_fault', facts.fault) } }];
    case 'model_not_available':
      return [{ key: 'explain.model_not_available', values: { wanted: lackWords(words, facts) } }];
    case 'capacity_exceeded':
      return [{ key: 'explain.capacity_exceeded', values: { found: format.number(facts.inFlight), wanted: format.number(facts.limit) } }];
    case 'resource_threshold_exceeded':
      return loadWords(words, facts);
    default:
      return assertNever(facts);
  }
}

function lackWords(words: Words, { models, kinds, features, refusedTask }: ModelLack): string {
  const { t } = words;
  const item = (name: string, state: string): string => t('explain.item', { name, state });
  const items = [
    ...models.map(({ id, state }) => item(id, words.code('node_model_state', state))),
    ...kinds.map(({ kind, languages, isInstalled }) =>
      item(
        `${words.code('model_kind', kind)} ${languages.join(' → ')}`.trim(),
        isInstalled ? t('explain.not_of_language') : t('explain.none_of_kind'),
      ),
    ),
    ...features.map((feature) => item(words.code('feature', feature), t('explain.not_supported'))),
  ];
  if (refusedTask !== null) items.push(item(refusedTask.model, takenWords(words, refusedTask.task, refusedTask.taken)));
  return items.join(t('punctuation.comma'));
}

function takenWords(words: Words, wanted: string, taken: readonly string[]): string {
  if (taken.length === 0) return words.t('explain.takes_nothing');
  const tasks = taken.map((task) => words.code('task', task)).join(words.t('punctuation.comma'));
  return words.t('explain.takes_other', { task: words.code('task', wanted), tasks });
}

function loadWords({ t, format }: Words, { limitPercent, over }: OverUse): readonly RichText[] {
  if (over === null) return [{ key: 'explain.use_unknown', values: {} }];
  return over.map(({ use, percent }) => {
    const found = percent === null ? t('unknown.not_reported') : format.percent(percent);
    return { key: `explain.threshold_${use}`, values: { found, wanted: format.percent(limitPercent[use]) } };
  });
}

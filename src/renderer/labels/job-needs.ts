// What a job needs, in one line: models, kinds, features, memory, node, and that it is not public.
import type { JobRequirementsView } from '../../shared/api/dispatch';
import type { Labels } from '../i18n/use-labels';

/** `wantedNode`: the name of the node that the job is for. Null: any node. */
export function needsOf(labels: Labels, requirements: JobRequirementsView, models: readonly string[], wantedNode: string | null): string {
  const { t, format } = labels;
  const { required_models, required_kinds = [], required_features = [], min_gpu_memory_gb } = requirements;
  const named = [...new Set([...models, ...required_models])];
  const kinds = required_kinds.map(({ kind, src_lang, tgt_lang }) =>
    [labels.code('model_kind', kind), [src_lang, tgt_lang].filter((language) => language !== undefined).join(' → ')].join(' ').trim(),
  );
  return [
    ...(named.length === 0 && kinds.length === 0 ? [t('jobs.need.any_model')] : named),
    ...kinds,
    ...required_features.map((feature) => labels.code('feature', feature)),
    ...(min_gpu_memory_gb === undefined ? [] : [t('jobs.need.memory', { memory: format.gb(min_gpu_memory_gb) })]),
    ...(wantedNode === null ? [] : [t('jobs.need.node', { node: wantedNode })]),
    // Jobs are public unless their sender says otherwise.
    ...(requirements.public ? [] : [t('jobs.need.not_public')]),
  ].join(t('punctuation.comma'));
}

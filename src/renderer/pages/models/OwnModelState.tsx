// The state of a model of this computer. A ready model that failed repeatedly gets no jobs: it is not shown as ready.
import type { ModelView } from '../../../shared/api/agent-view';
import { failingHere } from '../../../shared/api/own-status';
import type { FailingModel } from '../../../shared/protocol/scheduler-messages';
import { errorText, FailingEnd } from '../../components/FailingModels';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import { ownStateLabel } from './model-labels';

/** Null: it does not fail, or is not ready for another reason. */
export const useOwnFailing = ({ model_id: id, state }: ModelView): FailingModel | null =>
  useApp(({ agent }) => (agent === null || state !== 'ready' ? null : (failingHere(agent).find((model) => model.model_id === id) ?? null)));

export function OwnModelState({ model }: { readonly model: ModelView }) {
  const labels = useLabels();
  const isFailing = useOwnFailing(model) !== null;
  const { shape, label } = isFailing
    ? ({ shape: 'degraded', label: labels.t('model_state.failing') } as const)
    : ownStateLabel(model, labels);
  return <StatusLabel shape={shape} label={label} />;
}

/** Why a model fails, and when it gets jobs again. Nothing for another model. */
export function OwnFailingReason({ model, className }: { readonly model: ModelView; readonly className?: string | undefined }) {
  const labels = useLabels();
  const failing = useOwnFailing(model);
  const error = failing?.last_error ?? null;
  return failing === null ? null : (
    <span className={className}>
      {error !== null && `${labels.t('nodes.failing_error', { message: errorText(labels, error) })} · `}
      <FailingEnd model={failing} />
    </span>
  );
}

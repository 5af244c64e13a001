// A screen reader announces a change of status once, and does not announce ages.
import { useLabels } from '../i18n/use-labels';
import { causeOfLoss } from '../../shared/api/own-host';
import { useScreenState } from '../store/Screen';
import { stateLabel } from './own-state-label';

export function StatusAnnouncer() {
  const labels = useLabels();
  const label = useScreenState(({ app }) => (app?.agent == null ? '' : stateLabel(app.agent, causeOfLoss(app), labels).label));
  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-label={labels.t('hero.label')}>
      {label}
    </div>
  );
}

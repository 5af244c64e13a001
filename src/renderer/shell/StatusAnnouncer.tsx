// A screen reader announces a change of status once, and does not announce ages.
import { useLabels } from '../i18n/use-labels';
import { causeOfLoss } from '../../shared/api/own-host';
import { useScreenState } from '../store/Screen';
import { stateLabel } from './own-state-label';

export function StatusAnnouncer() {
  const labels = useLabels();
  const agent = useScreenState((state) => state.app?.agent ?? null);
  const lost = useScreenState(({ app }) => (app === null ? null : causeOfLoss(app)));
  return (
    <div className="visually-hidden" role="status" aria-live="polite" aria-label={labels.t('hero.label')}>
      {agent === null ? '' : stateLabel(agent, lost, labels).label}
    </div>
  );
}

// The action on the cluster in the palette, on every page.
import { may } from '../../../shared/api/pool-access';
import { useCommands } from '../../components/commands/commands';
import { useLabels } from '../../i18n/use-labels';
import { STEP_DOWN_ID } from '../../routes';
import { useScreen } from '../../store/Screen';
import { goTo } from '../../store/use-route';

export function ClusterCommands() {
  const { t } = useLabels();
  const { store } = useScreen();
  useCommands(() => {
    const pool = store.getState().app?.pool ?? null;
    if (pool?.in_cluster !== true || !may(pool, 'manage')) return [];
    return [{ id: 'step-down', group: 'actions', title: t('cluster.step_down'), run: () => goTo({ page: 'cluster', id: STEP_DOWN_ID }) }];
  });
  return null;
}

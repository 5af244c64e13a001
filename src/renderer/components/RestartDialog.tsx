// Asks before the hosted scheduler restarts, and says what the restart interrupts.
import { useShallow } from 'zustand/react/shallow';
import { useLabels } from '../i18n/use-labels';
import { nodeCounts } from '../store/nodes';
import { useApp } from '../store/Screen';
import { ConfirmDialog, type ConfirmDialogProps } from './ConfirmDialog';

export interface RestartDialogProps extends Pick<ConfirmDialogProps, 'operation' | 'run' | 'opened' | 'onClose'> {
  /** What changes with the restart, in sentences. */
  readonly effects?: readonly string[];
}

const NO_EFFECTS: readonly string[] = [];

export function RestartDialog({ effects = NO_EFFECTS, ...props }: RestartDialogProps) {
  const { t, format } = useLabels();
  const { nodes, jobs } = useApp(useShallow((app) => ({ nodes: nodeCounts(app.nodes).online, jobs: app.pool?.open_jobs?.running ?? 0 })));
  const count = (number: number) => ({ count: number, formatted: format.number(number) });
  return (
    <ConfirmDialog {...props} title={t('settings.restart_question')} confirm={t('settings.restart_confirm')} isHarmless>
      {effects.map((effect) => (
        <p key={effect}>
          <b>{effect}</b>
        </p>
      ))}
      <ul>
        <li>{t('settings.restart_nodes', count(nodes))}</li>
        <li>{t('settings.restart_jobs', count(jobs))}</li>
        <li>{t('settings.restart_streams')}</li>
      </ul>
    </ConfirmDialog>
  );
}

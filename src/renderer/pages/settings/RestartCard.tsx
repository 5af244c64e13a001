// Changes that wait for a restart of the hosted scheduler, and the restart after a question that says what it interrupts.
import { useShallow } from 'zustand/react/shallow';
import type { SettingView } from '../../../shared/api/settings';
import { Card } from '../../components/Card';
import { ConfirmButton } from '../../components/ConfirmButton';
import { useLabels } from '../../i18n/use-labels';
import { localized } from '../../labels/setting-labels';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';
import classes from './SettingsPage.module.css';

export function RestartCard({ settings }: { readonly settings: readonly SettingView[] }) {
  const labels = useLabels();
  const { t, format } = labels;
  const restart = useOperation('host.restart');
  const { nodes, jobs, isHosted } = useApp(
    useShallow((app) => ({
      nodes: [...app.nodes.values()].filter(({ online }) => online).length,
      jobs: app.pool?.open_jobs?.running ?? 0,
      isHosted: app.host !== null && app.host.state !== 'stopped',
    })),
  );
  const waiting = settings.filter(({ applies, running }) => applies === 'restart_scheduler' && running !== undefined);
  if (waiting.length === 0 || !isHosted) return null;
  const count = (number: number) => ({ count: number, formatted: format.number(number) });
  return (
    <Card label={t('settings.restart_title', { count: waiting.length })} tone="warning">
      <div className={classes['restart']}>
        <div>
          <b>{t('settings.restart_title', { count: waiting.length })}</b>
          <p className={classes['waiting']}>{waiting.map(({ title }) => localized(labels, title)).join(', ')}</p>
        </div>
        <ConfirmButton
          label={t('settings.restart_now')}
          operation={restart}
          run={() => restart.run({})}
          title={t('settings.restart_question')}
          confirm={t('settings.restart_confirm')}
        >
          <ul>
            <li>{t('settings.restart_nodes', count(nodes))}</li>
            <li>{t('settings.restart_jobs', count(jobs))}</li>
            <li>{t('settings.restart_streams')}</li>
          </ul>
        </ConfirmButton>
      </div>
    </Card>
  );
}

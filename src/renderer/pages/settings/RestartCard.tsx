// Changes that wait for a restart of the hosted scheduler, and the restart after a question that says what it interrupts.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useShallow } from 'zustand/react/shallow';
import type { SettingView } from '../../../shared/api/settings';
import { Card } from '../../components/Card';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { useLabels } from '../../i18n/use-labels';
import { localized } from '../../labels/setting-labels';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';
import classes from './SettingsPage.module.css';

export function RestartCard({ settings }: { readonly settings: readonly SettingView[] }) {
  const labels = useLabels();
  const { t, format } = labels;
  const restart = useOperation('host.restart');
  const [isAsking, setAsking] = useState(false);
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
        <Button variant="default" onClick={() => setAsking(true)}>
          {t('settings.restart_now')}
        </Button>
      </div>
      <ConfirmDialog
        operation={restart}
        run={() => restart.run({})}
        opened={isAsking}
        title={t('settings.restart_question')}
        confirm={t('settings.restart_confirm')}
        onClose={() => setAsking(false)}
      >
        <ul>
          <li>{t('settings.restart_nodes', count(nodes))}</li>
          <li>{t('settings.restart_jobs', count(jobs))}</li>
          <li>{t('settings.restart_streams')}</li>
        </ul>
      </ConfirmDialog>
    </Card>
  );
}

// Changes that wait for a restart of the hosted scheduler, and the restart after a question that says what it interrupts.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { SettingView } from '../../../shared/api/settings';
import { Card } from '../../components/Card';
import { RestartDialog } from '../../components/RestartDialog';
import { useLabels } from '../../i18n/use-labels';
import { localized } from '../../labels/setting-labels';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';
import classes from './SettingsPage.module.css';

export function RestartCard({ settings }: { readonly settings: readonly SettingView[] }) {
  const labels = useLabels();
  const { t } = labels;
  const restart = useOperation('host.restart');
  const [isAsking, setAsking] = useState(false);
  const isHosted = useApp(({ host }) => host !== null && host.state !== 'stopped');
  const waiting = settings.filter(({ applies, running }) => applies === 'restart_scheduler' && running !== undefined);
  if (waiting.length === 0 || !isHosted) return null;
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
      <RestartDialog operation={restart} run={() => restart.run({})} opened={isAsking} onClose={() => setAsking(false)} />
    </Card>
  );
}

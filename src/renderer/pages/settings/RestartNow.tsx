// The button that restarts the hosted scheduler, after a question that says what the restart interrupts.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { RestartDialog } from '../../components/RestartDialog';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';

export const useIsHosted = (): boolean => useApp(({ host }) => host !== null && host.state !== 'stopped');

export interface RestartNowProps {
  /** What changes with the restart. */
  readonly effects: readonly string[];
}

export function RestartNow({ effects }: RestartNowProps) {
  const { t } = useLabels();
  const restart = useOperation('host.restart');
  const [isAsking, setAsking] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setAsking(true)}>
        {t('settings.restart_now')}
      </Button>
      <RestartDialog effects={effects} operation={restart} run={() => restart.run({})} opened={isAsking} onClose={() => setAsking(false)} />
    </>
  );
}

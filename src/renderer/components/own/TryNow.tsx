// Connects this computer to its pool now, before the next attempt is due.
import { Button } from '@mantine/core';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { ErrorNote } from '../ErrorNote';

export function TryNow() {
  const { t } = useLabels();
  const recheck = useOperation('agent.recheck');
  return (
    <>
      <Button loading={recheck.pending} onClick={() => void recheck.run({})}>
        {t('hero.try_now')}
      </Button>
      <ErrorNote error={recheck.error} />
    </>
  );
}

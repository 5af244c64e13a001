// A computer without a usable GPU looks around with a simulated one. The banner says so and leads back (SimulationBanner).
import { Button } from '@mantine/core';
import { ownGpuOf } from '../../../shared/api/own-gpu';
import { readyModelsOf } from '../../../shared/api/own-status';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';
import { Card } from '../Card';
import { ErrorNote } from '../ErrorNote';
import classes from './LookAroundCard.module.css';

/** Nothing where a GPU is usable, where this program cannot simulate, and in a pool of others. */
export function LookAroundCard() {
  const { t } = useLabels();
  const simulate = useOperation('agent.simulate');
  const isOffered = useApp(({ agent, host }) => {
    if (agent?.simulation !== 'off' || ownGpuOf(agent.hardware) !== 'none') return false;
    return agent.link.state === 'idle' || host === null || host.state !== 'stopped';
  });
  const models = useApp(readyModelsOf);
  if (!isOffered) return null;
  return (
    <Card title={t('look_around.title')}>
      <div className={classes['lines']}>
        <div>
          <p>{t('look_around.text')}</p>
          {models > 0 && <p>{t('look_around.models', { count: models })}</p>}
          <p className={classes['note']}>{t('look_around.end')}</p>
        </div>
        <Button variant="default" loading={simulate.pending} onClick={() => void simulate.run({ on: true })}>
          {t('look_around.start')}
        </Button>
        <ErrorNote error={simulate.error} />
      </div>
    </Card>
  );
}

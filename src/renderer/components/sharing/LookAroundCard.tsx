// A computer without a usable GPU answers on its processor, or looks around where it has no model, with a simulated GPU. The banner says so
// and leads back (SimulationBanner).
import { Button } from '@mantine/core';
import { readyModelsOf } from '../../../shared/api/own-status';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import { Card } from '../Card';
import { ErrorNote } from '../ErrorNote';
import { lookAroundOf, startsPool, useLookAroundStart } from './use-look-around';
import classes from './LookAroundCard.module.css';

export interface LookAroundCardProps {
  /** The answer of the models here is the next step of the page. */
  readonly isPrimary?: boolean;
}

/** Nothing where a GPU is usable, where this program cannot simulate, and in a pool of others. */
export function LookAroundCard({ isPrimary = false }: LookAroundCardProps) {
  const { t, gap } = useLabels();
  const { start, pending, error } = useLookAroundStart();
  const gives = useApp(lookAroundOf);
  const needsPool = useApp(startsPool);
  const models = useApp(readyModelsOf);
  if (gives === null) return null;
  const answers = gives === 'answers';
  return (
    <Card title={t(answers ? 'look_around.processor.title' : 'look_around.title')}>
      <div className={classes['lines']}>
        <div>
          <p>
            {answers ? t('look_around.processor.models', { count: models }) : t('look_around.text')}
            {needsPool && gap}
            {needsPool && t('look_around.processor.pool_starts')}
          </p>
          <p className={classes['note']}>{t(answers ? 'look_around.processor.marked' : 'look_around.end')}</p>
        </div>
        <Button variant={answers && isPrimary ? 'filled' : 'default'} loading={pending} onClick={start}>
          {t(answers ? 'look_around.processor.start' : 'look_around.start')}
        </Button>
        <ErrorNote error={error} />
      </div>
    </Card>
  );
}

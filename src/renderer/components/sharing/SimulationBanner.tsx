// Above every page while the GPU of this computer is simulated: says so, and leads back.
import { Button } from '@mantine/core';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';
import { ErrorNote } from '../ErrorNote';
import classes from './SimulationBanner.module.css';

export function SimulationBanner() {
  const { t } = useLabels();
  const simulate = useOperation('agent.simulate');
  const isOn = useApp(({ agent }) => agent?.simulation === 'owner');
  if (!isOn) return null;
  return (
    <section className={classes['banner']} aria-label={t('simulated.gpu')}>
      <p>
        <b>{t('look_around.on')}</b> {t('look_around.on_text')}
      </p>
      <Button size="compact-sm" variant="default" loading={simulate.pending} onClick={() => void simulate.run({ on: false })}>
        {t('look_around.back')}
      </Button>
      <ErrorNote error={simulate.error} />
    </section>
  );
}

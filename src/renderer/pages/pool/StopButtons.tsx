// Buttons that end the pool of this computer, or its sharing. Each asks first, and says what is lost.
import { useShallow } from 'zustand/react/shallow';
import { ConfirmButton } from '../../components/ConfirmButton';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';
import { hostedLosses } from '../../store/hosted-losses';

export function OnlyHereButton() {
  const { t } = useLabels();
  const start = useOperation('host.start');
  const { others, running } = useApp(useShallow(hostedLosses));
  return (
    <ConfirmButton
      label={t('pool.only_here')}
      size="compact-sm"
      operation={start}
      run={() => start.run({ scope: 'this_computer' })}
      title={t('pool.only_here_title')}
      confirm={t('pool.only_here_do')}
    >
      <p>{t('pool.only_here_text', { count: others })}</p>
      {running > 0 && <p>{t('pool.only_here_jobs', { count: running })}</p>}
    </ConfirmButton>
  );
}

export function StopButton() {
  const { t } = useLabels();
  const stop = useOperation('host.stop');
  const { others, jobs } = useApp(useShallow(hostedLosses));
  return (
    <ConfirmButton
      label={t('pool.stop')}
      size="compact-sm"
      operation={stop}
      run={() => stop.run({})}
      title={t('pool.stop_title')}
      confirm={t('pool.stop_do')}
    >
      <p>{t('pool.stop_text', { count: others })}</p>
      {jobs > 0 && <p>{t('pool.stop_jobs', { count: jobs })}</p>}
    </ConfirmButton>
  );
}

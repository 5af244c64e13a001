// Every graphics adapter of this computer: readings and facts of accepted ones, reasons for the others, and the probed sources.
import { Button } from '@mantine/core';
import type { GpuView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { ErrorNote } from '../../components/ErrorNote';
import { type Fact, Facts } from '../../components/Facts';
import { NoNodeHere } from '../../components/NoNodeHere';
import { Page } from '../../components/Page';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import { useOperation } from '../../queries/use-operation';
import { powerText, temperatureText, utilizationText } from './gpu-labels';
import { GpuMeter } from './GpuMeter';
import classes from './GpusPage.module.css';
import { RefusedAdapters } from './RefusedAdapters';
import { SourceLine } from './SourceLine';
import { TraceList } from './TraceList';

export function GpusPage() {
  const { t, gap } = useLabels();
  const hasAgent = useApp((app) => app.agent !== null);
  const hardware = useApp((app) => app.agent?.hardware ?? null);
  const recheck = useOperation('agent.recheck');
  const accepted = hardware?.gpus.filter((gpu) => gpu.accepted) ?? [];
  const refused = hardware?.gpus.filter((gpu) => !gpu.accepted) ?? [];
  const check = (
    <Button variant="default" loading={recheck.pending} onClick={() => void recheck.run({})}>
      {t('action.check_again')}
    </Button>
  );
  if (!hasAgent) {
    return (
      <Page title={t('gpus.title')}>
        <NoNodeHere />
      </Page>
    );
  }
  return (
    <Page
      title={t('gpus.title')}
      subtitle={hardware !== null && accepted.length > 0 && <SourceLine hardware={hardware} long />}
      actions={check}
    >
      <ErrorNote error={recheck.error} />
      {hardware === null && <p>{t('gpus.probing')}</p>}
      <div className={classes['gpus']}>
        {accepted.map((gpu) => (
          <Card key={gpu.key} label={gpu.name}>
            <div className={classes['gpu']}>
              <GpuMeter gpu={gpu} />
              <GpuFacts gpu={gpu} />
            </div>
          </Card>
        ))}
      </div>
      {hardware !== null && accepted.length === 0 && (
        <Card label={t('gpus.none')} tone="error">
          <p>
            <b>{t('gpus.none')}</b>
            {gap}
            {t('error.NO_GPU_AVAILABLE.fix')}
          </p>
        </Card>
      )}
      {hardware !== null && refused.length > 0 && (
        <Card label={t('gpus.refused_title')}>
          <RefusedAdapters gpus={refused} />
        </Card>
      )}
      {hardware !== null && hardware.trace.length > 0 && (
        <Card label={t('gpus.checked_sources')}>
          <TraceList trace={hardware.trace} />
        </Card>
      )}
    </Page>
  );
}

function GpuFacts({ gpu }: { readonly gpu: GpuView }) {
  const labels = useLabels();
  const { t } = labels;
  const unknown = <span data-unknown="">{t('unknown.not_reported')}</span>;
  // The last readings of a GPU that does not respond are out of date.
  const liveFacts: readonly Fact[] = [
    [t('gpus.use'), utilizationText(labels, gpu)],
    [t('gpus.temperature'), temperatureText(labels, gpu)],
    [t('gpus.power'), powerText(labels, gpu)],
  ];
  const deviceFacts: readonly Fact[] = [
    [t('gpus.driver'), gpu.driver_version ?? unknown],
    [t('gpus.index'), gpu.index ?? unknown],
    [t('gpus.uuid'), gpu.uuid === null ? unknown : <code key="uuid">{gpu.uuid}</code>],
  ];
  return (
    <Facts
      facts={[
        ...(gpu.available ? liveFacts : []),
        ...(gpu.simulated ? [] : deviceFacts),
        [t('gpus.source_name'), gpu.simulated ? t('simulated.badge') : gpu.source],
      ]}
    />
  );
}

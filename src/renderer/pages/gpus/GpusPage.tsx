// The GPUs of this computer: load over time, memory, programs, and what the pool gets of each. Then the reasons why others are not used.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { HardwareView } from '../../../shared/api/agent-view';
import type { HistoryRange } from '../../../shared/api/gpu';
import { UseLegend } from '../../components/bars/UseLegend';
import { Card } from '../../components/Card';
import { ErrorNote } from '../../components/ErrorNote';
import { LookAroundCard } from '../../components/sharing/LookAroundCard';
import { NoNodeHere } from '../../components/NoNodeHere';
import { Page } from '../../components/Page';
import { useLabels } from '../../i18n/use-labels';
import { StatusLabel } from '../../components/StatusLabel';
import { useGpuProcesses } from '../../queries/gpus';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';
import { AllGpus } from './AllGpus';
import { Checks } from './Checks';
import { DriverLink } from '../../components/DriverLink';
import { GpuCard } from './GpuCard';
import { MachineCard } from './MachineCard';
import { RangeSwitch } from './RangeSwitch';
import { ReadingsNote } from './ReadingsNote';
import { isRepairable, repairText } from '../../labels/repairable-gpu';
import { SourceLine } from './SourceLine';
import { useShownHistory } from './use-shown-history';
import classes from './GpusPage.module.css';

export function GpusPage() {
  const { t } = useLabels();
  const hasAgent = useApp((app) => app.agent !== null);
  const hardware = useApp((app) => app.agent?.hardware ?? null);
  const recheck = useOperation('agent.recheck');
  const [range, setRange] = useState<HistoryRange>('1h');
  if (!hasAgent) {
    return (
      <Page title={t('gpus.title')}>
        <NoNodeHere />
      </Page>
    );
  }
  const accepted = hardware?.gpus.filter((gpu) => gpu.accepted) ?? [];
  return (
    <Page
      title={t('gpus.title')}
      subtitle={
        hardware !== null &&
        accepted.length > 0 && (
          <span className={classes['source']}>
            <SourceLine hardware={hardware} />
          </span>
        )
      }
      actions={
        <>
          {accepted.length > 0 && (
            <>
              <span className={classes['legend']}>
                <Legend />
              </span>
              <RangeSwitch range={range} onChange={setRange} />
            </>
          )}
          <Button variant="default" loading={recheck.pending} onClick={() => void recheck.run({})}>
            {t('action.check_again')}
          </Button>
        </>
      }
    >
      <ErrorNote error={recheck.error} />
      {hardware === null ? <p>{t('gpus.probing')}</p> : <Gpus hardware={hardware} range={range} />}
    </Page>
  );
}

/** The cards of fewer GPUs are in view together, with the same figures. */
const SUMMARY_FROM_GPUS = 3;

const Legend = () => <UseLegend kinds={['pool', 'owner', 'limit']} whose="own" />;

function Gpus({ hardware, range }: { readonly hardware: HardwareView; readonly range: HistoryRange }) {
  const { t, gap } = useLabels();
  const accepted = hardware.gpus
    .filter((gpu) => gpu.accepted)
    .toSorted((a, b) => (a.index ?? Number.MAX_SAFE_INTEGER) - (b.index ?? Number.MAX_SAFE_INTEGER));
  const broken = hardware.gpus.find(isRepairable);
  const offered = accepted.filter((gpu) => gpu.offered !== false);
  const history = useShownHistory(range);
  const processes = useGpuProcesses(accepted.length > 0);
  return (
    <>
      {accepted.length > 0 && (
        <p className={classes['narrow']}>
          <SourceLine hardware={hardware} />
        </p>
      )}
      {accepted.length > 0 && (
        <div className={classes['below']}>
          <Legend />
        </div>
      )}
      <ReadingsNote history={history.value} />
      {accepted.length >= SUMMARY_FROM_GPUS && <AllGpus gpus={accepted} />}
      {accepted.map((gpu) => (
        <GpuCard
          key={gpu.key}
          gpu={gpu}
          isLastOffered={offered.length === 1 && offered[0] === gpu}
          history={history.value}
          historyError={history.error}
          processes={processes.value}
          processesError={processes.error}
        />
      ))}
      {accepted.length === 0 && (
        <Card label={t('gpus.none')}>
          <p>
            <StatusLabel shape="offline" label={<b>{t('gpus.none')}</b>} />
            {gap}
            {broken === undefined ? t('error.NO_GPU_AVAILABLE.fix') : repairText({ t }, broken)}
            {gap}
            <DriverLink gpu={broken} />
          </p>
        </Card>
      )}
      <LookAroundCard />
      {history.value !== null && <MachineCard hardware={hardware} history={history.value} />}
      <Checks hardware={hardware} />
    </>
  );
}

// Whether the pool gets a GPU, and how much of its memory. A change applies at once; the node registers again.
import { Switch } from '@mantine/core';
import { useEffect, useEffectEvent, useState } from 'react';
import type { GpuView } from '../../../shared/api/agent-view';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { Stepper } from '../../components/Stepper';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { totalGbOf } from '../../components/gpu-labels';
import { limitOf, limitSteps, type LimitSteps, stepOf } from './limit-steps';
import classes from './GpuOffer.module.css';

export interface GpuOfferProps {
  readonly gpu: GpuView;
  /** It is the only offered GPU: a node without a GPU gets no jobs. */
  readonly isLast: boolean;
}

export function GpuOffer({ gpu, isLast }: GpuOfferProps) {
  const { t } = useLabels();
  const offer = useOperation('gpu.offer');
  const isOffered = gpu.offered !== false;
  const totalGb = totalGbOf(gpu);
  return (
    <div className={classes['offer']}>
      <div className={classes['row']}>
        <Switch
          label={t('gpus.offer')}
          aria-label={t('gpus.offer_of', { name: gpu.name })}
          checked={isOffered}
          disabled={offer.pending || (isOffered && isLast)}
          onChange={(event) => void offer.run({ key: gpu.key, offered: event.currentTarget.checked })}
        />
        {totalGb !== null && isOffered && (
          <MemoryLimit
            gpu={gpu}
            steps={limitSteps(totalGb)}
            onChange={(limitGb) => void offer.run({ key: gpu.key, vram_limit_gb: limitGb })}
          />
        )}
      </div>
      <Dim as="p">{t(isOffered ? (isLast ? 'gpus.last_offered' : 'gpus.limit_note') : 'gpus.not_offered_note')}</Dim>
      <ErrorNote error={offer.error} />
    </div>
  );
}

/** Several clicks in a row are one change. */
const SETTLE_MS = 600;

interface MemoryLimitProps {
  readonly gpu: GpuView;
  readonly steps: LimitSteps;
  readonly onChange: (limitGb: number | null) => void;
}

function MemoryLimit({ gpu, steps, onChange }: MemoryLimitProps) {
  const { t, format } = useLabels();
  const shown = stepOf(gpu.vram_limit_gb ?? null, steps);
  const [wanted, setWanted] = useState<number | null>(null);
  const value = wanted ?? shown;
  const send = useEffectEvent(() => {
    if (wanted !== null && wanted !== shown) onChange(limitOf(wanted, steps));
  });
  useEffect(() => {
    if (wanted === null) return;
    const timer = setTimeout(() => {
      send();
      setWanted(null);
    }, SETTLE_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  // A limit that has not settled is sent when the page closes.
  useEffect(() => () => send(), []);
  return (
    <span className={classes['limit']}>
      <span aria-hidden="true">{t('gpus.limit')}</span>
      <Stepper
        label={t('gpus.limit_of', { name: gpu.name })}
        value={value}
        min={steps.step}
        max={steps.max}
        step={steps.step}
        text={(one) => (one >= steps.max ? t('gpus.no_limit') : format.gb(one))}
        onChange={(next) => {
          setWanted(stepOf(limitOf(next, steps), steps));
        }}
      />
    </span>
  );
}

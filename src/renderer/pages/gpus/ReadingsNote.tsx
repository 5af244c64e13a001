// Why the charts begin later than the chosen time range: the program has not run for the whole range.
import { memo } from 'react';
import type { GpuHistory } from '../../../shared/api/gpu';
import { Dim } from '../../components/Dim';
import { Rich } from '../../components/Rich';
import { ClockTime } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { readingsSince } from './chart-series';

export const ReadingsNote = memo(function ReadingsNote({ history }: { readonly history: GpuHistory | null }) {
  const { t } = useLabels();
  const since = history === null ? null : readingsSince(history);
  if (since === null) return null;
  return (
    <Dim as="p">
      {since === 'none' ? t('gpus.readings_start') : <Rich k="gpus.readings_since" values={{ time: <ClockTime wallMs={since} /> }} />}
    </Dim>
  );
});

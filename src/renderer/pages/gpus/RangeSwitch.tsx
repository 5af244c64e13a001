// The time span of the charts.
import { memo } from 'react';
import { HISTORY_RANGES, type HistoryRange } from '../../../shared/api/gpu';
import { Segmented } from '../../components/Segmented';
import { useLabels } from '../../i18n/use-labels';

export interface RangeSwitchProps {
  readonly range: HistoryRange;
  readonly onChange: (range: HistoryRange) => void;
}

export const RangeSwitch = memo(function RangeSwitch({ range, onChange }: RangeSwitchProps) {
  const { t } = useLabels();
  const choices = HISTORY_RANGES.map((value) => ({ value, label: t(`gpus.range.${value}`) }));
  return <Segmented label={t('gpus.range.label')} choices={choices} value={range} onChange={onChange} />;
});

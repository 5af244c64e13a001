// Which nodes to list: all, or those in one state. Only states with nodes, and the chosen state, are offered.
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../shared/protocol/status';
import { ChoiceFilter } from '../../components/ChoiceFilter';
import { useLabels } from '../../i18n/use-labels';
import { type StateCounts, totalOf } from '../../labels/node-counts';

export interface StateFilterProps {
  readonly counts: StateCounts;
  /** Null: all. */
  readonly state: AvailabilityState | null;
  readonly onChange: (state: AvailabilityState | null) => void;
}

export function StateFilter({ counts, state: chosen, onChange }: StateFilterProps) {
  const { t } = useLabels();
  const offered = AVAILABILITY_STATES.filter((state) => counts[state] > 0 || state === chosen);
  return (
    <ChoiceFilter
      label={t('node_counts.filter')}
      total={totalOf(counts)}
      choices={offered.map((state) => ({ value: state, label: t(`availability.${state}`), count: counts[state], shape: state }))}
      chosen={chosen}
      onChange={onChange}
    />
  );
}

// Which nodes to list: all, or those in one state. Only states with nodes, and the chosen state, are offered.
import { AVAILABILITY_STATES, type AvailabilityState } from '../../../shared/protocol/status';
import { StatusShape } from '../../components/StatusShape';
import { useLabels } from '../../i18n/use-labels';
import { type StateCounts, totalOf } from '../../labels/node-counts';
import classes from './StateFilter.module.css';

export interface StateFilterProps {
  readonly counts: StateCounts;
  /** Null: all. */
  readonly state: AvailabilityState | null;
  readonly onChange: (state: AvailabilityState | null) => void;
}

export function StateFilter({ counts, state: chosen, onChange }: StateFilterProps) {
  const { t, format } = useLabels();
  const states = AVAILABILITY_STATES.filter((state) => counts[state] > 0 || state === chosen);
  return (
    <div role="group" aria-label={t('node_counts.filter')} className={classes['filter']}>
      <button type="button" aria-pressed={chosen === null} onClick={() => onChange(null)}>
        {t('node_counts.all')} <span>{format.number(totalOf(counts))}</span>
      </button>
      {states.map((state) => (
        <button key={state} type="button" aria-pressed={state === chosen} onClick={() => onChange(state === chosen ? null : state)}>
          <StatusShape shape={state} size={14} />
          {t(`availability.${state}`)} <span>{format.number(counts[state])}</span>
        </button>
      ))}
    </div>
  );
}

// Which nodes to list: all, or those in one state. Only states with nodes, and the chosen state, are offered. A narrow window has one
// field instead of a row of buttons.
import { NativeSelect } from '@mantine/core';
import { useMediaQuery } from '@mantine/hooks';
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

const NARROW = '(max-width: 599px)';

export function StateFilter(props: StateFilterProps) {
  const isNarrow = useMediaQuery(NARROW, undefined, { getInitialValueInEffect: false });
  return isNarrow ? <StateField {...props} /> : <StateButtons {...props} />;
}

const offeredStates = ({ counts, state: chosen }: StateFilterProps): readonly AvailabilityState[] =>
  AVAILABILITY_STATES.filter((state) => counts[state] > 0 || state === chosen);

function StateButtons(props: StateFilterProps) {
  const { t, format } = useLabels();
  const { counts, state: chosen, onChange } = props;
  return (
    <div role="group" aria-label={t('node_counts.filter')} className={classes['filter']}>
      <button type="button" aria-pressed={chosen === null} onClick={() => onChange(null)}>
        {t('node_counts.all')} <span>{format.number(totalOf(counts))}</span>
      </button>
      {offeredStates(props).map((state) => (
        <button key={state} type="button" aria-pressed={state === chosen} onClick={() => onChange(state === chosen ? null : state)}>
          <StatusShape shape={state} size={14} />
          {t(`availability.${state}`)} <span>{format.number(counts[state])}</span>
        </button>
      ))}
    </div>
  );
}

const ALL = 'all';

function StateField(props: StateFilterProps) {
  const { t, format } = useLabels();
  const { counts, state, onChange } = props;
  const withCount = (name: string, count: number): string => `${name}${t('punctuation.in_brackets', { text: format.number(count) })}`;
  return (
    <NativeSelect
      className={classes['field'] ?? ''}
      aria-label={t('node_counts.filter')}
      value={state ?? ALL}
      onChange={(event) => onChange(AVAILABILITY_STATES.find((known) => known === event.currentTarget.value) ?? null)}
      data={[
        { value: ALL, label: withCount(t('node_counts.all'), totalOf(counts)) },
        ...offeredStates(props).map((value) => ({ value, label: withCount(t(`availability.${value}`), counts[value]) })),
      ]}
    />
  );
}

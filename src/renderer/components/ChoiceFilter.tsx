// Which rows of a table to list: buttons with counts. A narrow window has one field instead of a row of buttons.
import { NativeSelect } from '@mantine/core';
import { useLabels } from '../i18n/use-labels';
import type { Shape } from '../labels/shape';
import classes from './ChoiceFilter.module.css';
import { StatusShape } from './StatusShape';
import { useIsPhone } from './use-is-phone';

export interface FilterChoice<Value extends string> {
  readonly value: Value;
  readonly label: string;
  /** Null: not known. */
  readonly count: number | null;
  readonly shape?: Shape;
  /**
   * `wide`: on a narrower page, shape and count stand for the label. `own_line`: the same, but not where the page gives the choices a line
   * of their own. `any`: the label stays on every page.
   */
  readonly labelled?: 'wide' | 'own_line' | 'any';
}

export interface ChoiceFilterProps<Value extends string> {
  readonly label: string;
  /** The number of all rows. Null: not known. */
  readonly total: number | null;
  readonly choices: readonly FilterChoice<Value>[];
  /** Null: all. */
  readonly chosen: Value | null;
  readonly onChange: (chosen: Value | null) => void;
}

export function ChoiceFilter<Value extends string>(props: ChoiceFilterProps<Value>) {
  return useIsPhone() ? <ChoiceField {...props} /> : <ChoiceButtons {...props} />;
}

function ChoiceButtons<Value extends string>({ label: name, total, choices, chosen, onChange }: ChoiceFilterProps<Value>) {
  const { t, format } = useLabels();
  const isShort = choices.every(({ count, shape }) => count !== null && shape !== undefined);
  return (
    <div role="group" aria-label={name} className={classes['filter']} data-short={isShort || undefined}>
      <button type="button" aria-pressed={chosen === null} onClick={() => onChange(null)}>
        {t('table.all')} {total !== null && <span>{format.number(total)}</span>}
      </button>
      {choices.map(({ value, label, count, shape, labelled }) => (
        <button
          key={value}
          type="button"
          title={label}
          aria-pressed={value === chosen}
          data-labelled={labelled}
          onClick={() => onChange(value === chosen ? null : value)}
        >
          {shape !== undefined && <StatusShape shape={shape} size={14} />}
          <b className={shape === undefined ? undefined : classes['label']}>{label}</b>{' '}
          {count !== null && <span>{format.number(count)}</span>}
        </button>
      ))}
    </div>
  );
}

const ALL = 'all';

function ChoiceField<Value extends string>({ label: name, total, choices, chosen, onChange }: ChoiceFilterProps<Value>) {
  const { t, format } = useLabels();
  const withCount = (label: string, count: number | null): string =>
    count === null ? label : `${label}${t('punctuation.in_brackets', { text: format.number(count) })}`;
  return (
    <NativeSelect
      className={classes['field'] ?? ''}
      aria-label={name}
      value={chosen ?? ALL}
      onChange={(event) => onChange(choices.find(({ value }) => value === event.currentTarget.value)?.value ?? null)}
      data={[
        { value: ALL, label: withCount(t('table.all'), total) },
        ...choices.map(({ value, label, count }) => ({ value, label: withCount(label, count) })),
      ]}
    />
  );
}

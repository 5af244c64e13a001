// One choice of a few, side by side, such as 5 min, 1 h, 24 h. Radio buttons: one stop for Tab, the arrow keys choose.
import { useId } from 'react';
import classes from './Segmented.module.css';

export interface SegmentedChoice<Value extends string> {
  readonly value: Value;
  readonly label: string;
}

export interface SegmentedProps<Value extends string> {
  readonly label: string;
  readonly choices: readonly SegmentedChoice<Value>[];
  readonly value: Value;
  /** The choice that holds while none is chosen, and why it holds. */
  readonly inherited?: { readonly value: string; readonly why: string } | null;
  readonly onChange: (value: Value) => void;
}

export function Segmented<Value extends string>({
  label: name,
  choices,
  value: chosen,
  inherited = null,
  onChange,
}: SegmentedProps<Value>) {
  const group = useId();
  return (
    <div role="radiogroup" aria-label={name} className={classes['segmented']}>
      {choices.map(({ value, label }) => (
        <label
          key={value}
          data-chosen={value === chosen ? '' : undefined}
          {...(value === inherited?.value && { 'data-inherited': '', title: inherited.why })}
        >
          <input
            type="radio"
            className="visually-hidden"
            name={group}
            value={value}
            checked={value === chosen}
            onChange={() => onChange(value)}
          />
          {label}
        </label>
      ))}
    </div>
  );
}

// One of a few choices, each with a note: radio buttons as cards.
import { useId } from 'react';
import classes from './ChoiceCards.module.css';

export interface ChoiceCard<Value extends string> {
  readonly value: Value;
  readonly label: string;
  readonly note: string;
}

export interface ChoiceCardsProps<Value extends string> {
  readonly label: string;
  readonly choices: readonly ChoiceCard<Value>[];
  readonly chosen: Value;
  readonly onChange: (chosen: Value) => void;
}

export function ChoiceCards<Value extends string>({ label: name, choices, chosen, onChange }: ChoiceCardsProps<Value>) {
  const id = useId();
  return (
    <fieldset className={classes['choices']}>
      <legend>{name}</legend>
      <div className={classes['cards']}>
        {choices.map(({ value, label, note }) => (
          <label key={value} className={classes['card']} data-chosen={value === chosen ? '' : undefined}>
            <input
              type="radio"
              name={id}
              checked={value === chosen}
              aria-labelledby={`${id}-${value}`}
              aria-describedby={`${id}-${value}-note`}
              onChange={() => onChange(value)}
            />
            <span id={`${id}-${value}`}>{label}</span>
            <span id={`${id}-${value}-note`} className={classes['note']}>
              {note}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

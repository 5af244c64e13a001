// One or several of a few choices, each with a note: radio buttons or check boxes as cards.
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

export const ChoiceCards = <Value extends string>({ chosen, ...parts }: ChoiceCardsProps<Value>) => (
  <Cards {...parts} type="radio" isChosen={(value) => value === chosen} />
);

export interface CheckCardsProps<Value extends string> extends Omit<ChoiceCardsProps<Value>, 'chosen' | 'onChange'> {
  readonly chosen: readonly Value[];
  /** The first card has the focus when its dialog opens. */
  readonly hasFocus?: boolean;
  /** In the order of the choices. */
  readonly onChange: (chosen: readonly Value[]) => void;
}

export function CheckCards<Value extends string>({ chosen, choices, onChange, ...parts }: CheckCardsProps<Value>) {
  const isChosen = (value: Value): boolean => chosen.includes(value);
  const toggle = (toggled: Value): void =>
    onChange(choices.map(({ value }) => value).filter((value) => (value === toggled ? !isChosen(value) : isChosen(value))));
  return <Cards {...parts} choices={choices} type="checkbox" isChosen={isChosen} onChange={toggle} />;
}

interface CardsProps<Value extends string> extends Omit<ChoiceCardsProps<Value>, 'chosen'> {
  readonly type: 'radio' | 'checkbox';
  readonly isChosen: (value: Value) => boolean;
  readonly hasFocus?: boolean;
}

function Cards<Value extends string>({ label: name, choices, type, isChosen, hasFocus = false, onChange }: CardsProps<Value>) {
  const id = useId();
  return (
    <fieldset className={classes['choices']}>
      <legend>{name}</legend>
      <div className={classes['cards']}>
        {choices.map(({ value, label, note }, index) => (
          <label key={value} className={classes['card']} data-chosen={isChosen(value) ? '' : undefined}>
            <input
              type={type}
              data-autofocus={(hasFocus && index === 0) || undefined}
              name={id}
              checked={isChosen(value)}
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

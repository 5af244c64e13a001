// A number with a button for less and one for more: − 60% +. A spin button: the arrow keys change the number by one step, Page Up and Page
// Down by five steps, Home and End go to the ends. A number that is not known cannot be changed.
import type { KeyboardEvent } from 'react';
import { useLabels } from '../i18n/use-labels';
import classes from './Stepper.module.css';

export interface StepperProps {
  readonly label: string;
  /** Null: not known. */
  readonly value: number | null;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** The number with its unit. */
  readonly text: (value: number) => string;
  readonly onChange: (value: number) => void;
  readonly disabled?: boolean;
}

const PAGE_STEPS = 5;

export function Stepper({ label, value, min, max, step, text, onChange, disabled: isLocked = false }: StepperProps) {
  const { t } = useLabels();
  const disabled = isLocked || value === null;
  const shown = value === null ? t('unknown.none') : text(value);
  const change = (next: number): void => {
    const within = Math.min(max, Math.max(min, next));
    if (within !== value && !disabled) onChange(within);
  };
  const press = (event: KeyboardEvent): void => {
    if (value === null) return;
    const next = afterKey(event.key, { value, min, max, step });
    if (next === null) return;
    event.preventDefault();
    change(next);
  };
  return (
    <span className={classes['stepper']} data-disabled={disabled ? '' : undefined}>
      {/* The spin button has the keys of both buttons, so that Tab stops once. */}
      <button
        type="button"
        tabIndex={-1}
        aria-label={t('stepper.less', { label })}
        disabled={disabled || value <= min}
        onClick={() => value !== null && change(value - step)}
      >
        −
      </button>
      <span
        role="spinbutton"
        tabIndex={disabled ? -1 : 0}
        aria-label={label}
        aria-valuenow={value ?? undefined}
        aria-valuemin={min}
        aria-valuemax={max}
        aria-valuetext={shown}
        aria-disabled={disabled}
        onKeyDown={press}
      >
        {shown}
      </span>
      <button
        type="button"
        tabIndex={-1}
        aria-label={t('stepper.more', { label })}
        disabled={disabled || value >= max}
        onClick={() => value !== null && change(value + step)}
      >
        +
      </button>
    </span>
  );
}

interface Range extends Pick<StepperProps, 'min' | 'max' | 'step'> {
  readonly value: number;
}

function afterKey(key: string, { value, min, max, step }: Range): number | null {
  switch (key) {
    case 'ArrowUp':
    case 'ArrowRight':
      return value + step;
    case 'ArrowDown':
    case 'ArrowLeft':
      return value - step;
    case 'PageUp':
      return value + step * PAGE_STEPS;
    case 'PageDown':
      return value - step * PAGE_STEPS;
    case 'Home':
      return min;
    case 'End':
      return max;
    default:
      return null;
  }
}

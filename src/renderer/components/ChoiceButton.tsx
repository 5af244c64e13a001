// One choice of a list: its name, and a figure at the right end.
import type { ReactNode } from 'react';
import classes from './ChoiceButton.module.css';

export interface ChoiceButtonProps {
  readonly isChosen: boolean;
  readonly aside: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

export const ChoiceButton = ({ isChosen, aside, onClick, children }: ChoiceButtonProps) => (
  <button type="button" className={classes['choice']} aria-pressed={isChosen} onClick={onClick}>
    {children} <span>{aside}</span>
  </button>
);

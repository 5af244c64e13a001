// A button that looks like a link: a small act beside or below a text.
import type { ReactNode } from 'react';
import classes from './LinkButton.module.css';

export interface LinkButtonProps {
  /** For screen readers, where the text does not say enough. */
  readonly label?: string;
  readonly onClick: () => void;
  readonly children: ReactNode;
}

export const LinkButton = ({ label, onClick, children }: LinkButtonProps) => (
  <button type="button" className={classes['link']} aria-label={label} onClick={onClick}>
    {children}
  </button>
);

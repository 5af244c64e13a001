// Under the first rows of a long list: shows all of them, or the first ones again.
import { Button } from '@mantine/core';
import classes from './ShowAllButton.module.css';

export interface ShowAllButtonProps {
  readonly showsAll: boolean;
  readonly onChange: (showsAll: boolean) => void;
  readonly all: string;
  readonly fewer: string;
}

export const ShowAllButton = ({ showsAll, onChange, all, fewer }: ShowAllButtonProps) => (
  <Button
    className={classes['button'] ?? ''}
    variant="subtle"
    size="compact-xs"
    aria-expanded={showsAll}
    onClick={() => onChange(!showsAll)}
  >
    {showsAll ? fewer : all}
  </Button>
);

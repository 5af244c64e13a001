// The two ways to start the pool of this computer, each with what it means for other computers.
import { Button } from '@mantine/core';
import type { HostView } from '../../../shared/api/app-state';
import { useLabels } from '../../i18n/use-labels';
import classes from './StartChoices.module.css';

export interface StartChoicesProps {
  /** The label of the button that shares. */
  readonly shareLabel: string;
  /** The label of the button that does not share. */
  readonly hereLabel?: string;
  readonly isPrimary: boolean;
  readonly isStarting: boolean;
  readonly onStart: (scope: HostView['scope']) => void;
}

export function StartChoices({ shareLabel, hereLabel, isPrimary, isStarting, onStart }: StartChoicesProps) {
  const { t } = useLabels();
  return (
    <ul className={classes['choices']}>
      <li>
        <Button variant={isPrimary ? 'filled' : 'default'} disabled={isStarting} onClick={() => onStart('lan')}>
          {shareLabel}
        </Button>
        <p>{t('pool.host_choices.lan')}</p>
      </li>
      <li>
        <Button variant="default" disabled={isStarting} onClick={() => onStart('this_computer')}>
          {hereLabel ?? t('setup.only_here')}
        </Button>
        <p>{t('pool.host_choices.this_computer')}</p>
      </li>
    </ul>
  );
}

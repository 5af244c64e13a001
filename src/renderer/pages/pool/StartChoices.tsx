// The two ways to start the pool of this computer, each with what it means for other computers.
import { Button } from '@mantine/core';
import type { HostView } from '../../../shared/api/app-state';
import { ownGpuOf } from '../../../shared/api/own-gpu';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import classes from './StartChoices.module.css';

export interface StartChoicesProps {
  /** The label of the button that shares. */
  readonly shareLabel: string;
  /** Where a pool for this computer alone runs already: the label of the button that keeps it so. */
  readonly keepLabel?: string | null;
  readonly isPrimary: boolean;
  readonly isStarting: boolean;
  readonly onStart: (scope: HostView['scope']) => void;
}

export function StartChoices({ shareLabel, keepLabel = null, isPrimary, isStarting, onStart }: StartChoicesProps) {
  const { t } = useLabels();
  // Without a GPU, this computer is not a node: a pool that no other computer can reach would run nothing.
  const canRunHere = useApp(({ agent }) => ownGpuOf(agent?.hardware) !== 'none');
  return (
    <ul className={classes['choices']}>
      <li>
        <Button variant={isPrimary ? 'filled' : 'default'} disabled={isStarting} onClick={() => onStart('lan')}>
          {shareLabel}
        </Button>
        <p>{t('pool.host_choices.lan')}</p>
      </li>
      {(keepLabel !== null || canRunHere) && (
        <li>
          <Button variant="default" disabled={isStarting} onClick={() => onStart('this_computer')}>
            {keepLabel ?? t('setup.only_here')}
          </Button>
          <p>{t('pool.host_choices.this_computer')}</p>
        </li>
      )}
    </ul>
  );
}

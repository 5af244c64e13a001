// The button that leaves the joined pool. It asks first, and leaving can be undone for a while.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { usePoolName } from './use-pool-name';
import { useOperation } from '../../queries/use-operation';
import { ConfirmDialog } from '../ConfirmDialog';
import { useUndoable } from '../toasts/use-undoable';

/** Until then, undoing costs nothing. */
const LEAVE_AFTER_MS = 10_000;
/** The dialog only starts the time: a notice shows whether leaving failed. */
const NO_OPERATION = { pending: false, error: null, clear: () => undefined };

export interface LeavePoolProps {
  /** Of the host of the pool. */
  readonly address: string;
  readonly size?: 'sm' | 'compact-sm';
}

export function LeavePool({ address, size = 'sm' }: LeavePoolProps) {
  const { t } = useLabels();
  const [isConfirming, setIsConfirming] = useState(false);
  const { run } = useOperation('join.leave');
  const name = usePoolName() ?? address;
  const leave = useUndoable({ key: 'join.leave', text: t('pool.leaving', { name }), run: () => run({}) }, LEAVE_AFTER_MS);
  return (
    <>
      <Button variant="default" size={size} disabled={leave.isWaiting} onClick={() => setIsConfirming(true)}>
        {t('pool.leave')}
      </Button>
      <ConfirmDialog
        operation={NO_OPERATION}
        run={() => {
          leave.start();
          return Promise.resolve({ ok: true });
        }}
        opened={isConfirming}
        title={t('pool.leave_title')}
        confirm={t('pool.leave_do')}
        onClose={() => setIsConfirming(false)}
      >
        <p>{t('pool.leave_text', { name })}</p>
      </ConfirmDialog>
    </>
  );
}

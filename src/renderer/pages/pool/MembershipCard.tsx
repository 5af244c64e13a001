// The pool that this computer belongs to, and the action that leaves it. On the host it is the node of the host in its own pool.
import { Button, Group, Stack } from '@mantine/core';
import { useState } from 'react';
import type { LinkView } from '../../../shared/api/agent-view';
import { Card } from '../../components/Card';
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { Dim } from '../../components/Dim';
import { Rich } from '../../components/Rich';
import type { Shape } from '../../labels/shape';
import { StatusLabel } from '../../components/StatusLabel';
import { useLabels } from '../../i18n/use-labels';
import { useUndoable } from '../../components/toasts/use-undoable';
import { useApp } from '../../store/Screen';
import { useOperation } from '../../queries/use-operation';
import { poolNameOf } from '../../labels/pool-name';
import { addressOf } from '../../labels/link-labels';

export type MemberLink = Exclude<LinkView, { state: 'idle' }>;
export const LINK_SHAPES: Record<MemberLink['state'], Shape> = {
  connecting: 'waiting',
  connected: 'ready',
  reconnecting: 'waiting',
  refused: 'refused',
};

export interface MembershipCardProps {
  readonly link: MemberLink;
  /** This computer hosts the pool. The user stops the pool to leave it. */
  readonly isHosted: boolean;
  readonly canLeave: boolean;
}

/** Until then, undoing costs nothing. */
const LEAVE_AFTER_MS = 10_000;
/** The dialog only starts the time: a notice shows whether leaving failed. */
const NO_OPERATION = { pending: false, error: null, clear: () => undefined };

export function MembershipCard({ link, isHosted, canLeave }: MembershipCardProps) {
  const { t } = useLabels();
  const [isConfirming, setIsConfirming] = useState(false);
  const { run } = useOperation('join.leave');
  const address = addressOf(link.scheduler_url);
  const name = useApp(poolNameOf) ?? address;
  const leave = useUndoable({ key: 'join.leave', text: t('pool.leaving', { name }), run: () => run({}) }, LEAVE_AFTER_MS);
  return (
    <Card title={t(isHosted ? 'pool.own_title' : 'pool.joined_title')}>
      <Stack gap="sm">
        <StatusLabel shape={LINK_SHAPES[link.state]} label={t(`link.${link.state}`)} />
        {isHosted ? (
          <p>{t('pool.own')}</p>
        ) : (
          <>
            <p>
              <Rich k="pool.joined_text" values={{ address }} />
            </p>
            {canLeave ? (
              <Group gap="xs">
                <Button variant="default" disabled={leave.isWaiting} onClick={() => setIsConfirming(true)}>
                  {t('pool.leave')}
                </Button>
              </Group>
            ) : (
              <Dim as="p">{t('pool.fixed')}</Dim>
            )}
            <Dim as="p">{t('members.not_here')}</Dim>
          </>
        )}
      </Stack>
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
        <p>{t('pool.leave_text', { address })}</p>
      </ConfirmDialog>
    </Card>
  );
}

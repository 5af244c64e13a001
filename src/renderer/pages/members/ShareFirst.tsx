// Before the form of an invitation, where no other computer can reach the pool: shares it, and the invitation goes on.
import { Button, Group } from '@mantine/core';
import { comesUp } from '../../../shared/api/own-host';
import { Dim } from '../../components/Dim';
import { DialogFoot } from '../../components/DialogFoot';
import { ErrorNote } from '../../components/ErrorNote';
import { HostFailure } from '../../components/HostFailure';
import { useHostStart } from '../../components/own/use-host-start';
import { StateLines } from '../../components/StateLines';
import { StatusLine } from '../../components/StatusLine';
import { useLabels } from '../../i18n/use-labels';
import { useApp } from '../../store/Screen';
import classes from './InviteDialog.module.css';

export interface ShareFirstProps {
  /** The link is for another program on this computer. */
  readonly onOnlyHere: () => void;
  readonly onCancel: () => void;
}

export function ShareFirst({ onOnlyHere, onCancel }: ShareFirstProps) {
  const { t } = useLabels();
  const { start, pending, error, question } = useHostStart();
  const host = useApp((app) => app.host);
  const isStarting = pending || (host !== null && comesUp(host));
  return (
    <div className={classes['form']}>
      <StateLines shape="degraded">
        <p>{t('invite.not_shared')}</p>
        <Dim as="p">{t('invite.not_shared_note')}</Dim>
      </StateLines>
      <div role="status">{isStarting && <StatusLine shape="waiting">{t('invite.sharing')}</StatusLine>}</div>
      {host !== null && host.error_code !== null && <HostFailure host={host} />}
      <ErrorNote error={error} />
      {question}
      <DialogFoot>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t('action.cancel')}
          </Button>
          <Button variant="default" disabled={isStarting} onClick={onOnlyHere}>
            {t('invite.for_this_computer')}
          </Button>
          <Button loading={isStarting} onClick={() => start({ scope: 'lan' })} data-autofocus>
            {t('pool.start_lan')}
          </Button>
        </Group>
      </DialogFoot>
    </div>
  );
}

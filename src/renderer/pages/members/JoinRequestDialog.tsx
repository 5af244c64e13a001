// Opens on every page when a computer asks to join the pool: the digits to compare, the claims of the computer, and the decision. A
// closed dialog leaves the request to the Members page. After the approval it waits for the person at the other computer.
import { Button, Group, Modal } from '@mantine/core';
import { useState } from 'react';
import type { JoinRequestView } from '../../../shared/api/join-requests';
import { Digits, spelled } from '../../components/Digits';
import { Dim } from '../../components/Dim';
import { ErrorNote } from '../../components/ErrorNote';
import { type Fact, Facts } from '../../components/Facts';
import { Rich } from '../../components/Rich';
import { StateLines } from '../../components/StateLines';
import { StatusLine } from '../../components/StatusLine';
import { TimeLeft } from '../../components/Time';
import { useLast } from '../../components/use-last';
import { useLabels, type Labels } from '../../i18n/use-labels';
import { rolesText } from '../../labels/roles-text';
import { useOperation } from '../../queries/use-operation';
import { useApp } from '../../store/Screen';
import { goTo, useRoute } from '../../store/use-route';
import { NEWCOMER_CHOICES, type NewcomerChoice, newcomerRolesOf, RoleCards } from './RoleCards';
import classes from './JoinRequestDialog.module.css';

/** Above other dialogs, since the request expires in minutes. */
const Z_INDEX = 300;

export function JoinRequestDialog() {
  const { t } = useLabels();
  const requests = useApp((app) => app.join_requests);
  const route = useRoute();
  const [closedIds, setClosedIds] = useState<readonly string[]>([]);
  const asked = route.page === 'members' ? requests.find(({ id }) => id === route.id) : undefined;
  const shown = asked ?? requests.find(({ id }) => !closedIds.includes(id)) ?? null;
  const last = useLast(shown);
  const close = (): void => {
    if (shown !== null) setClosedIds([...closedIds, shown.id]);
    if (asked !== undefined) goTo({ ...route, page: 'members', id: null }, { replace: true });
  };
  return (
    <>
      <Announcer requests={requests} />
      <Modal
        opened={shown !== null}
        onClose={close}
        title={last === null ? '' : t('join_request.title', { name: last.name })}
        size={520}
        zIndex={Z_INDEX}
        // The decision takes a comparison: a click beside the dialog must not end it.
        closeOnClickOutside={false}
        closeButtonProps={{ 'aria-label': t('action.close') }}
      >
        {last !== null && <Request key={last.id} request={last} />}
      </Modal>
    </>
  );
}

/** A screen reader hears of the newest request also while its dialog is closed. The countdown is not announced. */
function Announcer({ requests }: { readonly requests: readonly JoinRequestView[] }) {
  const { t } = useLabels();
  const newest = requests.at(-1);
  return (
    <div className="visually-hidden" aria-live="assertive">
      {newest === undefined
        ? ''
        : newest.approved
          ? t(newest.confirmed ? 'join_request.confirmed' : 'join_request.approved')
          : t('join_request.heard', { name: newest.name, digits: spelled(newest.digits) })}
    </div>
  );
}

function Request({ request }: { readonly request: JoinRequestView }) {
  const { t } = useLabels();
  const approve = useOperation('join_requests.approve');
  const deny = useOperation('join_requests.deny');
  const [role, setRole] = useState<NewcomerChoice>(request.roles.includes('client') ? 'node_client' : 'node');
  const { id, digits, looks_like: likeName, approved: isApproved, confirmed: isConfirmed } = request;
  return (
    <div className={classes['request']}>
      <p>{t('join_request.check')}</p>
      <Digits digits={digits} />
      <p className={classes['left']}>
        <Rich k="join_request.expires" values={{ left: <TimeLeft wallMs={request.expires_at} /> }} />
      </p>
      {likeName !== null && (
        <StateLines shape="degraded">
          <p>{t('join_request.looks_like', { name: likeName })}</p>
        </StateLines>
      )}
      <Claims request={request} />
      {isConfirmed && <StatusLine shape="available">{t('join_request.confirmed')}</StatusLine>}
      {isApproved ? (
        !isConfirmed && <StatusLine shape="waiting">{t('join_request.approved')}</StatusLine>
      ) : (
        <>
          <RoleCards choices={NEWCOMER_CHOICES} chosen={role} onChange={setRole} />
          <Dim as="p">{t('join_request.credential')}</Dim>
        </>
      )}
      <ErrorNote error={approve.error ?? deny.error} />
      <Group justify="space-between" gap="xs">
        <Button variant="default" className={classes['deny'] ?? ''} loading={deny.pending} onClick={() => void deny.run({ id })}>
          {t('join_request.deny')}
        </Button>
        {!isApproved && (
          <Button loading={approve.pending} onClick={() => void approve.run({ id, roles: newcomerRolesOf(role) })}>
            {t('join_request.approve')}
          </Button>
        )}
      </Group>
    </div>
  );
}

function Claims({ request }: { readonly request: JoinRequestView }) {
  const labels = useLabels();
  const { t } = labels;
  const claimed = <Dim as="span">{t('join_request.claimed')}</Dim>;
  const facts: readonly Fact[] = [
    [
      t('join_request.computer'),
      <span key="name">
        {request.name} {claimed}
      </span>,
    ],
    [
      t('join_request.gpus'),
      <span key="gpus">
        {claimedGpus(request, labels)} {request.gpus.length > 0 && claimed}
      </span>,
    ],
    [t('join_request.address'), request.address],
    ...(request.approved ? [[t('invite.role'), rolesText(request.roles, t)] as const] : []),
  ];
  return <Facts facts={facts} />;
}

/** `RTX 4070, 12 GB; RTX 3060, 12 GB` */
export function claimedGpus({ gpus }: JoinRequestView, { t, format }: Labels): string {
  if (gpus.length === 0) return t('join_request.no_gpus');
  return gpus
    .map(({ name, memory_gb: gb }) => (gb === null ? name : `${name}${t('punctuation.comma')}${format.gb(gb)}`))
    .join(t('punctuation.semicolon'));
}

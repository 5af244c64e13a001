// The members of the pool: people, programs, computers and open invitations. The owner invites, makes keys and revokes here.
import { Button } from '@mantine/core';
import { type ReactNode, useMemo, useState } from 'react';
import type { AppError } from '../../../shared/api/app-api';
import { ErrorNote } from '../../components/ErrorNote';
import { Page } from '../../components/Page';
import { useMay } from '../../components/RightNote';
import { PoolElsewhere } from '../../components/PoolElsewhere';
import { useLabels } from '../../i18n/use-labels';
import { useCredentials } from '../../queries/members';
import { INVITE_ID } from '../../routes';
import { useApp } from '../../store/Screen';
import { goTo, useRoutePart } from '../../store/use-route';
import { AuditDrawer } from './AuditDrawer';
import { ChangeKeyDialog } from './ChangeKeyDialog';
import { ChangeMemberDialog } from './ChangeMemberDialog';
import { InviteDialog } from './InviteDialog';
import { JoinRequestBanner } from './JoinRequestBanner';
import { KeyDialog } from './KeyDialog';
import {
  type ChangeableKey,
  isChangeableKey,
  isChangeableMember,
  type MemberLists,
  memberRows,
  type MemberRow,
  NO_LISTS,
} from './member-rows';
import { MemberTable } from './MemberTable';
import { OwnMembership } from './OwnMembership';
import { RevokeDialog } from './RevokeDialog';

/** The caller has a key of another role. */
const NOT_OWNER: readonly string[] = ['FORBIDDEN', 'UNAUTHORIZED'];

export function MembersPage() {
  const { t } = useLabels();
  const hasPool = useApp((app) => app.pool !== null);
  const mayManage = useMay('manage');
  if (hasPool) return mayManage ? <PoolMembers /> : <NotOwner />;
  return (
    <Page title={t('members.title')}>
      <PoolElsewhere page="members" />
    </Page>
  );
}

function PoolMembers() {
  const { t } = useLabels();
  const { value, error } = useCredentials();
  const [opened, setOpened] = useState<'key' | 'audit' | null>(null);
  const close = (): void => setOpened(null);
  if (error !== null && NOT_OWNER.includes(error.code)) return <NotOwner />;
  return (
    <Page title={t('members.title')} subtitle={opened !== 'audit' && t('members.note')} actions={<Invite />} layout="full">
      <Content lists={value} error={error} actions={<KeyAndAudit onOpen={setOpened} />} />
      <KeyDialog opened={opened === 'key'} onClose={close} />
      {opened === 'audit' && <AuditDrawer onClose={close} />}
    </Page>
  );
}

function NotOwner() {
  const { t } = useLabels();
  return (
    <Page title={t('members.title')}>
      <OwnMembership />
    </Page>
  );
}

interface ContentProps {
  readonly lists: MemberLists | null;
  readonly error: AppError | null;
  readonly actions: ReactNode;
}

function Content({ lists, error, actions }: ContentProps) {
  const { t } = useLabels();
  const [revoking, setRevoking] = useState<MemberRow | null>(null);
  const [changing, setChanging] = useState<MemberRow | null>(null);
  const asked = useAskedKey(lists);
  const close = (): void => {
    setChanging(null);
    if (asked !== null) goTo({ page: 'members' }, { replace: true });
  };
  const key = changing !== null && isChangeableKey(changing) ? changing : asked;
  const acts = useMemo(() => ({ onRevoke: setRevoking, onChange: setChanging }), []);
  return (
    <>
      <MemberTable lists={lists} acts={acts} actions={actions}>
        <JoinRequestBanner />
        {lists === null && (error === null ? <p role="status">{t('members.loading')}</p> : <ErrorNote error={error} />)}
      </MemberTable>
      <ChangeKeyDialog row={key} onClose={close} />
      <ChangeMemberDialog row={changing !== null && isChangeableMember(changing) ? changing : null} onClose={close} />
      <RevokeDialog row={revoking} onClose={() => setRevoking(null)} />
    </>
  );
}

/** The key of a link to its limits, as on the Usage page. */
function useAskedKey(lists: MemberLists | null): ChangeableKey | null {
  const id = useRoutePart((route) => (route.page === 'members' ? route.id : null));
  // A list that arrives while the dialog is open has other objects, and must not change its fields.
  return useMemo(() => {
    if (lists === null || id === null) return null;
    return (
      memberRows({ ...NO_LISTS, keys: lists.keys }, 0).find((row): row is ChangeableKey => row.id === id && isChangeableKey(row)) ?? null
    );
  }, [lists, id]);
}

function Invite() {
  const { t } = useLabels();
  const [isOpened, setIsOpened] = useState(false);
  const isInviting = useRoutePart(({ page, id }) => (page === 'members' && id === INVITE_ID ? id : null)) !== null;
  const close = (): void => {
    setIsOpened(false);
    if (isInviting) goTo({ page: 'members' }, { replace: true });
  };
  return (
    <>
      <Button onClick={() => setIsOpened(true)}>{t('members.invite')}</Button>
      <InviteDialog opened={isInviting || isOpened} onClose={close} />
    </>
  );
}

function KeyAndAudit({ onOpen }: { readonly onOpen: (opened: 'key' | 'audit') => void }) {
  const { t } = useLabels();
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => onOpen('audit')}>
        {t('members.audit')}
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => onOpen('key')}>
        {t('members.new_key')}
      </Button>
    </>
  );
}

// Revokes a member, a key or an invitation, after its consequence was shown.
import { ConfirmDialog } from '../../components/ConfirmDialog';
import { useLast } from '../../components/use-last';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { nameOf } from './member-use-columns';
import type { MemberRow } from './member-rows';

const OPERATIONS = { member: 'members.revoke', key: 'keys.revoke', invitation: 'invites.revoke' } as const;
type RevocableKind = keyof typeof OPERATIONS;

export interface RevokeDialogProps {
  /** Null: closed. */
  readonly row: MemberRow | null;
  readonly onClose: () => void;
}

export function RevokeDialog({ row, onClose }: RevokeDialogProps) {
  const last = useLast(row);
  return last === null || last.kind === 'owner' ? null : (
    <OfKind key={last.kind} row={last} kind={last.kind} opened={row !== null} onClose={onClose} />
  );
}

interface OfKindProps {
  readonly row: MemberRow;
  readonly kind: RevocableKind;
  readonly opened: boolean;
  readonly onClose: () => void;
}

function OfKind({ row, kind, opened, onClose }: OfKindProps) {
  const labels = useLabels();
  const { t } = labels;
  const revoke = useOperation(OPERATIONS[kind]);
  return (
    <ConfirmDialog
      operation={revoke}
      run={() => revoke.run({ id: row.id })}
      opened={opened}
      title={t(kind === 'invitation' ? 'members.revoke_invitation_title' : 'members.revoke_title', { name: nameOf(row, labels) })}
      confirm={t('members.revoke_do')}
      onClose={onClose}
    >
      <p>{t(`members.revoke_text.${kind}`)}</p>
    </ConfirmDialog>
  );
}

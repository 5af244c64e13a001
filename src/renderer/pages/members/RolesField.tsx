// The roles that a member or key has, and what ends when one of them is taken away.
import type { Role } from '../../../shared/api/members';
import { StateLines } from '../../components/StateLines';
import { useLabels } from '../../i18n/use-labels';
import { CheckCards } from './ChoiceCards';
import classes from './ChoiceCards.module.css';

export const KEY_ROLES = ['client', 'viewer', 'operator', 'owner'] as const satisfies readonly Role[];
/** A computer gets the role of an owner on the command line only. */
const MEMBER_ROLES = ['node', 'client', 'viewer', 'operator'] as const satisfies readonly Role[];
export const memberRolesOf = (before: readonly Role[]): readonly Role[] =>
  before.includes('owner') ? [...MEMBER_ROLES, 'owner'] : MEMBER_ROLES;

export const isSameRoles = (one: readonly Role[], other: readonly Role[]): boolean =>
  one.length === other.length && one.every((role) => other.includes(role));

const sendsJobs = (roles: readonly Role[]): boolean => roles.some((role) => role === 'client' || role === 'operator' || role === 'owner');
const isNode = (roles: readonly Role[]): boolean => roles.some((role) => role === 'node' || role === 'owner');

export interface RolesFieldProps {
  readonly choices: readonly Role[];
  readonly before: readonly Role[];
  /** The holder joined by an invitation, which ends when it loses a role. */
  readonly isInvited?: boolean;
  /** The first role has the focus when the dialog opens. */
  readonly hasFocus?: boolean;
  readonly chosen: readonly Role[];
  readonly onChange: (chosen: readonly Role[]) => void;
}

export function RolesField({ choices, before, isInvited = false, hasFocus = false, chosen, onChange }: RolesFieldProps) {
  const { t } = useLabels();
  const warnings =
    chosen.length === 0
      ? [t('change_role.none')]
      : [
          ...(isNode(before) && !isNode(chosen) ? [t('change_role.node_lost')] : []),
          ...(isInvited && before.some((role) => !chosen.includes(role)) ? [t('change_role.invitation_lost')] : []),
          ...(sendsJobs(before) && !sendsJobs(chosen) ? [t('change_role.jobs_lost')] : []),
        ];
  return (
    <div className={classes['roles']}>
      <CheckCards
        label={t('members.role')}
        choices={choices.map((value) => ({ value, label: t(`role.${value}`), note: t(`role_note.${value}`) }))}
        chosen={chosen}
        hasFocus={hasFocus}
        onChange={onChange}
      />
      <div role="status">
        {warnings.length > 0 && (
          <StateLines shape="degraded">
            {warnings.map((text) => (
              <p key={text}>{text}</p>
            ))}
          </StateLines>
        )}
      </div>
    </div>
  );
}

// The roles of a computer that joins, by an invitation or by digits: a node, which may be a client, too. An invitation can also let it see
// the whole pool.
import type { NewcomerRoles } from '../../../shared/api/join-requests';
import type { Role } from '../../../shared/api/members';
import { useLabels } from '../../i18n/use-labels';
import { rolesText } from '../../labels/roles-text';
import { ChoiceCards } from './ChoiceCards';

const NEWCOMER_ROLES = { node: ['node'], node_client: ['node', 'client'] } as const;
export type NewcomerChoice = keyof typeof NEWCOMER_ROLES;
export const NEWCOMER_CHOICES: readonly NewcomerChoice[] = ['node', 'node_client'];
export const newcomerRolesOf = (choice: NewcomerChoice): NewcomerRoles => [...NEWCOMER_ROLES[choice]];

const INVITED_ROLES = { ...NEWCOMER_ROLES, node_client_viewer: ['node', 'client', 'viewer'] } as const;
export type InvitedChoice = keyof typeof INVITED_ROLES;
export const INVITED_CHOICES: readonly InvitedChoice[] = [...NEWCOMER_CHOICES, 'node_client_viewer'];
export const invitedRolesOf = (choice: InvitedChoice): Role[] => [...INVITED_ROLES[choice]];

export interface RoleCardsProps<Choice extends InvitedChoice> {
  readonly choices: readonly Choice[];
  readonly chosen: Choice;
  readonly onChange: (chosen: Choice) => void;
}

export function RoleCards<Choice extends InvitedChoice>({ choices, chosen, onChange }: RoleCardsProps<Choice>) {
  const { t } = useLabels();
  return (
    <ChoiceCards
      label={t('invite.role')}
      choices={choices.map((value) => {
        const role: InvitedChoice = value;
        return { value, label: rolesText(INVITED_ROLES[role], t), note: t(`invite.role_${role}_note`) };
      })}
      chosen={chosen}
      onChange={onChange}
    />
  );
}

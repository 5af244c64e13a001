// The roles of a computer that joins, by an invitation or by digits: a node, or a node that is a client, too.
import type { NewcomerRoles } from '../../../shared/api/join-requests';
import { useLabels } from '../../i18n/use-labels';
import { ChoiceCards } from './ChoiceCards';

const ROLES = { node: ['node'], node_client: ['node', 'client'] } as const;
export type RoleChoice = keyof typeof ROLES;
const ROLE_CHOICES = Object.keys(ROLES) as RoleChoice[];

export const rolesOf = (choice: RoleChoice): NewcomerRoles => [...ROLES[choice]];

export interface RoleCardsProps {
  readonly chosen: RoleChoice;
  readonly onChange: (chosen: RoleChoice) => void;
}

export function RoleCards({ chosen, onChange }: RoleCardsProps) {
  const { t } = useLabels();
  return (
    <ChoiceCards
      label={t('invite.role')}
      choices={ROLE_CHOICES.map((value) => ({ value, label: t(`invite.role_${value}`), note: t(`invite.role_${value}_note`) }))}
      chosen={chosen}
      onChange={onChange}
    />
  );
}

// The form of a new invitation: role, name, expiry, uses and models.
import { NumberInput, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import type { InviteLinks } from '../../../shared/api/members';
import { Dim } from '../../components/Dim';
import { StateLines } from '../../components/StateLines';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { EXPIRIES, ExpiryField } from './ExpiryField';
import { FormFoot } from './FormFoot';
import classes from './InviteDialog.module.css';
import { ModelsField, modelsParam } from './ModelsField';
import { INVITED_CHOICES, type InvitedChoice, invitedRolesOf, RoleCards } from './RoleCards';
import { useUnreachable } from './use-unreachable';

const EXPIRY_CHOICES = ['hour_1', 'hours_24', 'days_7', 'days_30'] as const;
/** The limits of the API. */
export const MAX_NAME_LENGTH = 64;
const MAX_USES = 10_000;

/** A new invitation, with the values of the form that its answer does not have. */
export interface MadeInvite {
  readonly links: InviteLinks;
  readonly uses: number;
  readonly models: readonly string[] | null;
}

export interface InviteFormProps {
  readonly onMade: (made: MadeInvite) => void;
  readonly onCancel: () => void;
}

export function InviteForm({ onMade, onCancel }: InviteFormProps) {
  const { t } = useLabels();
  const create = useOperation('invites.create');
  const unreachable = useUnreachable();
  const [role, setRole] = useState<InvitedChoice>('node_client');
  const [name, setName] = useState('');
  const [expiry, setExpiry] = useState<(typeof EXPIRY_CHOICES)[number]>('hours_24');
  const [uses, setUses] = useState(1);
  const [models, setModels] = useState<readonly string[]>([]);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    const given = { name: name.trim() === '' ? null : name.trim(), models: role === 'node' ? null : modelsParam(models), uses };
    const outcome = await create.run({ ...given, roles: invitedRolesOf(role), expires_in_seconds: EXPIRIES[expiry] });
    if (outcome.ok) onMade({ links: outcome.value, uses, models: given.models });
  };
  return (
    <form className={classes['form']} onSubmit={(event) => void submit(event)}>
      <Dim as="p">{t('invite.text')}</Dim>
      {unreachable !== null && (
        <StateLines shape="degraded">
          <p>{unreachable}</p>
        </StateLines>
      )}
      <RoleCards choices={INVITED_CHOICES} chosen={role} onChange={setRole} />
      <div className={classes['fields']}>
        <TextInput
          label={t('invite.for')}
          placeholder={t('invite.for_hint')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={MAX_NAME_LENGTH}
          autoComplete="off"
          data-autofocus
        />
        <ExpiryField label={t('invite.expires')} choices={EXPIRY_CHOICES} value={expiry} onChange={setExpiry} />
        <NumberInput
          label={t('invite.uses')}
          value={uses}
          onChange={(value) => setUses(typeof value === 'number' ? value : 1)}
          min={1}
          max={MAX_USES}
          clampBehavior="strict"
          allowDecimal={false}
        />
      </div>
      {role !== 'node' && <ModelsField value={models} onChange={setModels} />}
      <FormFoot submit={t('invite.create')} operation={create} onCancel={onCancel} />
    </form>
  );
}

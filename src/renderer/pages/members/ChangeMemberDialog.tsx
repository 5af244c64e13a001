// Changes roles and models of a computer that is a member. Its credential stays the same.
import { type SubmitEvent, useState } from 'react';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { ChangeDialog } from './ChangeDialog';
import { FormFoot } from './FormFoot';
import classes from './KeyDialog.module.css';
import type { ChangeableMember } from './member-rows';
import { ModelsField, modelsParam } from './ModelsField';
import { memberRolesOf, RolesField } from './RolesField';

export interface ChangeMemberDialogProps {
  /** Null: closed. */
  readonly row: ChangeableMember | null;
  readonly onClose: () => void;
}

export function ChangeMemberDialog({ row, onClose }: ChangeMemberDialogProps) {
  const { t } = useLabels();
  return (
    <ChangeDialog row={row} titleOf={({ name }) => t('change_role.title', { name })} onClose={onClose}>
      {(shown) => <ChangeForm key={shown.id} row={shown} onClose={onClose} />}
    </ChangeDialog>
  );
}

function ChangeForm({ row, onClose }: { readonly row: ChangeableMember; readonly onClose: () => void }) {
  const { t } = useLabels();
  const update = useOperation('members.update');
  const [roles, setRoles] = useState(row.roles);
  const [models, setModels] = useState<readonly string[]>(row.models ?? []);
  const isClient = roles.includes('client');
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (roles.length === 0) return;
    const outcome = await update.run({ id: row.id, roles: [...roles], ...(isClient ? { models: modelsParam(models) } : {}) });
    if (outcome.ok) onClose();
  };
  return (
    <form className={classes['form']} onSubmit={(event) => void submit(event)}>
      <Dim as="p">{t('change_role.text')}</Dim>
      <RolesField choices={memberRolesOf(row.roles)} before={row.roles} isInvited chosen={roles} onChange={setRoles} hasFocus />
      {isClient && <ModelsField value={models} onChange={setModels} />}
      <FormFoot submit={t('key_limits.save')} isIncomplete={roles.length === 0} operation={update} onCancel={onClose} />
    </form>
  );
}

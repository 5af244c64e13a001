// Changes roles and models of a computer that is a member. Its credential stays the same.
import { Button, Group, Modal } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import { Dim } from '../../components/Dim';
import { DialogFoot } from '../../components/DialogFoot';
import { ErrorNote } from '../../components/ErrorNote';
import { useLast } from '../../components/use-last';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
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
  const last = useLast(row);
  return (
    <Modal
      opened={row !== null}
      onClose={onClose}
      title={t('change_role.title', { name: last?.name ?? '' })}
      size="lg"
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {last !== null && <ChangeForm key={last.id} row={last} onClose={onClose} />}
    </Modal>
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
      <DialogFoot>
        <ErrorNote error={update.error} />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t('action.cancel')}
          </Button>
          <Button type="submit" disabled={roles.length === 0} loading={update.pending}>
            {t('key_limits.save')}
          </Button>
        </Group>
      </DialogFoot>
    </form>
  );
}

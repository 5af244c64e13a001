// Changes roles, models, expiry and limits of a key. The key itself stays the same.
import { type SubmitEvent, useState } from 'react';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { ChangeDialog } from './ChangeDialog';
import { EXPIRIES, ExpiryField } from './ExpiryField';
import { FormFoot } from './FormFoot';
import classes from './KeyDialog.module.css';
import { hasWrong, limitsParam, limitTextsOf } from './limit-texts';
import { LimitFields } from './LimitFields';
import { type ChangeableKey, hasProgramLimits } from './member-rows';
import { ModelsField, modelsParam } from './ModelsField';
import { isSameRoles, KEY_ROLES, RolesField } from './RolesField';

const EXPIRY_CHOICES = ['unchanged', 'never', 'days_30', 'days_90', 'year_1'] as const;

export interface ChangeKeyDialogProps {
  /** Null: closed. */
  readonly row: ChangeableKey | null;
  readonly onClose: () => void;
}

export function ChangeKeyDialog({ row, onClose }: ChangeKeyDialogProps) {
  const { t } = useLabels();
  return (
    <ChangeDialog row={row} titleOf={({ name }) => t('key_limits.change_title', { name })} onClose={onClose}>
      {(shown) => <ChangeForm key={shown.id} row={shown} onClose={onClose} />}
    </ChangeDialog>
  );
}

function ChangeForm({ row, onClose }: { readonly row: ChangeableKey; readonly onClose: () => void }) {
  const { t } = useLabels();
  const update = useOperation('keys.update');
  const [models, setModels] = useState<readonly string[]>(row.models ?? []);
  const [expiry, setExpiry] = useState<(typeof EXPIRY_CHOICES)[number]>('unchanged');
  const [limits, setLimits] = useState(limitTextsOf(row.limits));
  const [roles, setRoles] = useState(row.roles);
  const isProgram = roles.includes('client');
  const sendsJobs = hasProgramLimits(roles);
  const isIncomplete = roles.length === 0 || (sendsJobs && hasWrong(limits));
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (isIncomplete) return;
    const outcome = await update.run({
      id: row.id,
      ...(isSameRoles(roles, row.roles) ? {} : { roles: [...roles] }),
      ...(isProgram ? { models: modelsParam(models) } : {}),
      ...(expiry === 'unchanged' ? {} : { expires_in_seconds: EXPIRIES[expiry] }),
      ...(sendsJobs ? { limits: limitsParam(limits) } : {}),
    });
    if (outcome.ok) onClose();
  };
  return (
    <form className={classes['form']} onSubmit={(event) => void submit(event)}>
      <Dim as="p">{t('key_limits.change_text')}</Dim>
      {/* The key of a member has the role client. */}
      {row.madeBy === null && <RolesField choices={KEY_ROLES} before={row.roles} chosen={roles} onChange={setRoles} />}
      <div className={classes['fields']}>
        <ExpiryField label={t('key_form.expires')} choices={EXPIRY_CHOICES} value={expiry} onChange={setExpiry} hasFocus />
      </div>
      {isProgram && <ModelsField value={models} onChange={setModels} />}
      {sendsJobs && <LimitFields value={limits} onChange={setLimits} />}
      <FormFoot submit={t('key_limits.save')} isIncomplete={isIncomplete} operation={update} onCancel={onClose} />
    </form>
  );
}

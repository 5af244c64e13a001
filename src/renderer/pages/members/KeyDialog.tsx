// A new key for a program: a form, then the key, which is shown once.
import { Button, Group, Modal, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import type { CreatedKey } from '../../../shared/api/members';
import { CertificateFile } from '../../components/connect/CertificateFile';
import { usePoolTarget } from '../../components/connect/use-connect-target';
import { CopyField } from '../../components/CopyField';
import { CopyButton } from '../../components/CopyButton';
import { Dim } from '../../components/Dim';
import { DialogFoot } from '../../components/DialogFoot';
import { useLabels } from '../../i18n/use-labels';
import { useOperation } from '../../queries/use-operation';
import { ChoiceCards } from './ChoiceCards';
import { EXPIRIES, ExpiryField } from './ExpiryField';
import { MAX_NAME_LENGTH } from './InviteForm';
import { FormFoot } from './FormFoot';
import classes from './KeyDialog.module.css';
import { hasWrong, limitsParam, NO_LIMITS } from './limit-texts';
import { LimitFields } from './LimitFields';
import { hasProgramLimits } from './member-rows';
import { ModelsField, modelsParam } from './ModelsField';

const ROLE_CHOICES = ['client', 'viewer', 'operator', 'owner'] as const;
const EXPIRY_CHOICES = ['never', 'days_30', 'days_90', 'year_1'] as const;

export function KeyDialog({ opened, onClose }: { readonly opened: boolean; readonly onClose: () => void }) {
  const { t } = useLabels();
  const [made, setMade] = useState<CreatedKey | null>(null);
  const [isCopied, setIsCopied] = useState(false);
  const end = (): void => {
    setMade(null);
    setIsCopied(false);
  };
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={end}
      title={made === null ? t('key_form.title') : t('key_form.created_title', { name: made.name })}
      size="lg"
      // The key is shown once: before it was copied, Escape must not lose it, nor a click beside the dialog.
      closeOnClickOutside={made === null}
      closeOnEscape={made === null || isCopied}
      closeButtonProps={{ 'aria-label': t('action.close') }}
    >
      {made === null ? (
        <KeyForm onMade={setMade} onCancel={onClose} />
      ) : (
        <MadeKey made={made} onClose={onClose} onCopied={() => setIsCopied(true)} />
      )}
    </Modal>
  );
}

interface KeyFormProps {
  readonly onMade: (made: CreatedKey) => void;
  readonly onCancel: () => void;
}

function KeyForm({ onMade, onCancel }: KeyFormProps) {
  const { t } = useLabels();
  const create = useOperation('keys.create');
  const [name, setName] = useState('');
  const [role, setRole] = useState<(typeof ROLE_CHOICES)[number]>('client');
  const [expiry, setExpiry] = useState<(typeof EXPIRY_CHOICES)[number]>('never');
  const [models, setModels] = useState<readonly string[]>([]);
  const [limits, setLimits] = useState(NO_LIMITS);
  const sendsJobs = hasProgramLimits([role]);
  const isIncomplete = name.trim() === '' || (sendsJobs && hasWrong(limits));
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (isIncomplete) return;
    const outcome = await create.run({
      name: name.trim(),
      roles: [role],
      models: role === 'client' ? modelsParam(models) : null,
      expires_in_seconds: EXPIRIES[expiry],
      ...(sendsJobs && limits !== NO_LIMITS ? { limits: limitsParam(limits) } : {}),
    });
    if (outcome.ok) onMade(outcome.value);
  };
  return (
    <form className={classes['form']} onSubmit={(event) => void submit(event)}>
      <Dim as="p">{t('key_form.text')}</Dim>
      <div className={classes['fields']}>
        <TextInput
          label={t('key_form.name')}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          maxLength={MAX_NAME_LENGTH}
          placeholder="open-webui"
          autoComplete="off"
          spellCheck={false}
          data-autofocus
        />
        <ExpiryField label={t('key_form.expires')} choices={EXPIRY_CHOICES} value={expiry} onChange={setExpiry} />
      </div>
      <ChoiceCards
        label={t('members.role')}
        choices={ROLE_CHOICES.map((value) => ({ value, label: t(`role.${value}`), note: t(`role_note.${value}`) }))}
        chosen={role}
        onChange={setRole}
      />
      {role === 'client' && <ModelsField value={models} onChange={setModels} />}
      {sendsJobs && <LimitFields value={limits} onChange={setLimits} />}
      <FormFoot submit={t('key_form.create')} isIncomplete={isIncomplete} operation={create} onCancel={onCancel} />
    </form>
  );
}

interface MadeKeyProps {
  readonly made: CreatedKey;
  readonly onClose: () => void;
  readonly onCopied: () => void;
}

/** The button that copies the key. The form before took the focus with it. */
function focusLast(buttons: HTMLElement | null): void {
  [...(buttons?.querySelectorAll('button') ?? [])].at(-1)?.focus({ preventScroll: true });
}

function MadeKey({ made: { key }, onClose, onCopied }: MadeKeyProps) {
  const { t } = useLabels();
  const target = usePoolTarget();
  return (
    <div className={classes['form']}>
      <p className={classes['warning']} role="status">
        {t('key_form.once')}
      </p>
      <div>
        <div className={classes['label']}>{t('key_form.key')}</div>
        <code className={classes['key']}>{key}</code>
      </div>
      {target !== null && <CopyField label={t('key_form.base_url')} value={target.baseUrl} isAddress />}
      {target !== null && (
        <div>
          <CertificateFile target={target} />
        </div>
      )}
      <DialogFoot>
        <Group justify="flex-end" gap="xs" ref={focusLast}>
          <Button variant="default" onClick={onClose}>
            {t('action.done')}
          </Button>
          <CopyButton value={key} variant="filled" text={t('key_form.copy')} onCopied={onCopied} />
        </Group>
      </DialogFoot>
    </div>
  );
}

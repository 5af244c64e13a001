// The requirements of a job that is not sent: the scheduler explains where it would go.
import { Autocomplete, Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { type SubmitEvent, useState } from 'react';
import type { AppError } from '../../../../shared/api/app-api';
import type { ExplainRequest } from '../../../../shared/api/dispatch';
import { FEATURES, MODEL_KINDS } from '../../../../shared/protocol/node-messages';
import { Card } from '../../../components/Card';
import { ErrorNote } from '../../../components/ErrorNote';
import { useLabels } from '../../../i18n/use-labels';
import { useAnswer } from '../../../queries/use-answer';
import { NodeSelect } from './NodeSelect';
import { EMPTY_FORM, type RequirementsForm, toRequirements } from './requirements';
import classes from './RequirementsCard.module.css';

export interface RequirementsCardProps {
  readonly prefilled: Pick<RequirementsForm, 'models' | 'nodeId'>;
  readonly isPending: boolean;
  readonly error: AppError | null;
  readonly onExplain: (request: ExplainRequest) => void;
}

/** The names of the fields in the request. */
const KEYS = { inputTokens: 'input_tokens', outputTokens: 'output_tokens' } as const;
const LANGUAGES = { srcLang: 'src_lang', tgtLang: 'tgt_lang' } as const;

/** Models that the field suggests. */
const SUGGESTED = 30;

export function RequirementsCard({ prefilled, isPending, error, onExplain }: RequirementsCardProps) {
  const { t } = useLabels();
  const [form, setForm] = useState<RequirementsForm>({ ...EMPTY_FORM, ...prefilled });
  const [isChoosing, setIsChoosing] = useState(false);
  const change = (part: Partial<RequirementsForm>): void => setForm({ ...form, ...part });
  const models = useAnswer('pool.models', {});
  const requirements = toRequirements(form);
  const wrong = requirements.ok ? null : requirements.error.field;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    // Enter leaves the focus in the field: its list would cover the answer.
    setIsChoosing(false);
    if (requirements.ok) onExplain(requirements.value);
  };
  return (
    <Card title={t('dispatch.form_title')} aside={t('dispatch.form_note')}>
      <form onSubmit={submit}>
        <div className={classes['main']}>
          <Autocomplete
            className={classes['model'] ?? ''}
            label={t('dispatch.models')}
            placeholder={t('dispatch.models_hint')}
            value={form.models}
            onChange={(models) => change({ models })}
            data={models.value?.models.map(({ model_id }) => model_id) ?? []}
            limit={SUGGESTED}
            dropdownOpened={isChoosing}
            onDropdownOpen={() => setIsChoosing(true)}
            onDropdownClose={() => setIsChoosing(false)}
            spellCheck={false}
          />
          <Button type="submit" loading={isPending} disabled={!requirements.ok}>
            {t('dispatch.explain')}
          </Button>
        </div>
        <Advanced form={form} wrong={wrong} onChange={change} />
        <ErrorNote error={error} />
      </form>
    </Card>
  );
}

interface AdvancedProps {
  readonly form: RequirementsForm;
  /** The field of the request that is not valid. Null: all are. */
  readonly wrong: string | null;
  readonly onChange: (part: Partial<RequirementsForm>) => void;
}

function Advanced({ form, wrong, onChange }: AdvancedProps) {
  const { t } = useLabels();
  return (
    <details className={classes['advanced']}>
      <summary>{t('dispatch.advanced')}</summary>
      <div className={classes['fields']}>
        <KindFields form={form} onChange={onChange} />
        <TextInput
          label={t('dispatch.memory')}
          inputMode="decimal"
          value={form.memoryGb}
          error={wrong === 'min_gpu_memory_gb' ? t('dispatch.memory_invalid') : undefined}
          onChange={(event) => onChange({ memoryGb: event.currentTarget.value })}
        />
        {(['inputTokens', 'outputTokens'] as const).map((field) => (
          <TextInput
            key={field}
            label={t(`why_node.${KEYS[field]}`)}
            placeholder={t('why_node.as_expected')}
            inputMode="numeric"
            value={form[field]}
            error={wrong === KEYS[field] ? t('why_node.tokens_invalid') : undefined}
            onChange={(event) => onChange({ [field]: event.currentTarget.value })}
          />
        ))}
        <NodeSelect nodeId={form.nodeId} onChange={(nodeId) => onChange({ nodeId })} />
      </div>
      <Checkbox.Group
        label={t('dispatch.features')}
        value={[...form.features]}
        onChange={(chosen) => onChange({ features: FEATURES.filter((feature) => chosen.includes(feature)) })}
      >
        <div className={classes['features']}>
          {FEATURES.map((feature) => (
            <Checkbox key={feature} value={feature} label={t(`feature.${feature}`)} />
          ))}
        </div>
      </Checkbox.Group>
      <Checkbox
        mt="sm"
        label={t('dispatch.private')}
        checked={!form.isPublic}
        onChange={(event) => onChange({ isPublic: !event.currentTarget.checked })}
      />
    </details>
  );
}

interface KindFieldsProps {
  readonly form: RequirementsForm;
  readonly onChange: (part: Partial<RequirementsForm>) => void;
}

/** The kind of model that the job requires, and its languages. Languages can only be required together with a kind. */
function KindFields({ form, onChange }: KindFieldsProps) {
  const { t } = useLabels();
  const hint = form.kind === '' ? t('dispatch.lang_needs_kind') : undefined;
  return (
    <>
      <NativeSelect
        label={t('dispatch.kind')}
        value={form.kind}
        onChange={(event) => onChange({ kind: event.currentTarget.value })}
        data={[{ value: '', label: t('dispatch.any_kind') }, ...MODEL_KINDS.map((value) => ({ value, label: t(`model_kind.${value}`) }))]}
      />
      {(['srcLang', 'tgtLang'] as const).map((field) => (
        <TextInput
          key={field}
          label={t(`dispatch.${LANGUAGES[field]}`)}
          placeholder={hint}
          disabled={form.kind === ''}
          value={form[field]}
          onChange={(event) => onChange({ [field]: event.currentTarget.value })}
        />
      ))}
    </>
  );
}

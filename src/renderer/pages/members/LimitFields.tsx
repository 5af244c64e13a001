// The limits of a key for the requests of its program. A wrong value is named while it is typed.
import { NativeSelect, TextInput } from '@mantine/core';
import { PRIORITY_NAMES, PROGRAM_LIMIT_NAMES, PROGRAM_LIMITS } from '../../../shared/api/program-limits';
import { Dim } from '../../components/Dim';
import { useLabels } from '../../i18n/use-labels';
import { isPriorityClass, isWrong, type LimitTexts, refusesRequests } from './limit-texts';
import classes from './LimitFields.module.css';

export interface LimitFieldsProps {
  readonly value: LimitTexts;
  readonly onChange: (value: LimitTexts) => void;
}

export function LimitFields({ value, onChange }: LimitFieldsProps) {
  const { t, format } = useLabels();
  return (
    <fieldset className={classes['limits']}>
      <legend>{t('key_limits.title')}</legend>
      <Dim as="p">{t('key_limits.note')}</Dim>
      <div className={classes['fields']}>
        {PROGRAM_LIMIT_NAMES.map((name) => (
          <TextInput
            key={name}
            label={t(`key_limits.field.${name}`)}
            placeholder={t('key_limits.none')}
            value={value[name]}
            onChange={(event) => onChange({ ...value, [name]: event.currentTarget.value })}
            error={isWrong(name, value[name]) ? t('key_limits.invalid', { max: format.number(PROGRAM_LIMITS[name]) }) : undefined}
            description={name === 'tokens_per_day' && refusesRequests(value) ? t('key_limits.few_tokens') : undefined}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            inputMode="numeric"
            autoComplete="off"
          />
        ))}
        <NativeSelect
          label={t('key_limits.priority')}
          value={value.priority}
          onChange={({ currentTarget: { value: priority } }) => isPriorityClass(priority) && onChange({ ...value, priority })}
          data={PRIORITY_NAMES.map((name) => ({ value: name, label: t(`key_limits.priority_class.${name}`) }))}
        />
      </div>
    </fieldset>
  );
}

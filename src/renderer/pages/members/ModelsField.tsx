// The models that a member or a program may use. Empty: all. Each ready model has a button that adds it; others can be entered, too.
import { Button, TagsInput } from '@mantine/core';
import { useLabels } from '../../i18n/use-labels';
import { Icon } from '../../components/Icon';
import { useReadyModels } from '../../queries/nodes';
import classes from './LimitFields.module.css';

export interface ModelsFieldProps {
  readonly value: readonly string[];
  readonly onChange: (models: readonly string[]) => void;
}

/** The parameter of the operations. */
export const modelsParam = (models: readonly string[]): string[] | null => (models.length === 0 ? null : [...models]);

/** The limits of the API. */
const MAX_MODELS = 256;
const MAX_SUGGESTIONS = 50;
/** Two lines of buttons at most. */
const MAX_BUTTONS = 8;

export function ModelsField({ value, onChange }: ModelsFieldProps) {
  const { t } = useLabels();
  const ready = useReadyModels(true);
  const names = [...new Set((ready.value?.models ?? []).map(({ model_id }) => model_id))];
  const offered = names.filter((name) => !value.includes(name)).slice(0, MAX_BUTTONS);
  return (
    <div>
      <TagsInput
        label={t('models_field.label')}
        description={t('models_field.note')}
        placeholder={value.length === 0 ? t('models_field.all') : ''}
        value={[...value]}
        onChange={onChange}
        data={names}
        maxTags={MAX_MODELS}
        limit={MAX_SUGGESTIONS}
      />
      {offered.length > 0 && (
        <div className={classes['offered']} role="group" aria-label={t('models_field.offered')}>
          {offered.map((name) => (
            <Button
              key={name}
              size="compact-xs"
              variant="default"
              leftSection={<Icon name="plus" size={12} />}
              disabled={value.length >= MAX_MODELS}
              onClick={() => onChange([...value, name])}
            >
              {name}
            </Button>
          ))}
        </div>
      )}
    </div>
  );
}

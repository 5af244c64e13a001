// The models that a member or a program may use. Empty: all. Models that are not ready now can be entered, too.
import { TagsInput } from '@mantine/core';
import { useLabels } from '../../i18n/use-labels';
import { useReadyModels } from '../../queries/nodes';

export interface ModelsFieldProps {
  readonly value: readonly string[];
  readonly onChange: (models: readonly string[]) => void;
}

/** The parameter of the operations. */
export const modelsParam = (models: readonly string[]): string[] | null => (models.length === 0 ? null : [...models]);

/** The limits of the API. */
const MAX_MODELS = 256;
const MAX_SUGGESTIONS = 50;

export function ModelsField({ value, onChange }: ModelsFieldProps) {
  const { t } = useLabels();
  const ready = useReadyModels(true);
  return (
    <TagsInput
      label={t('models_field.label')}
      description={t('models_field.note')}
      placeholder={value.length === 0 ? t('models_field.all') : ''}
      value={[...value]}
      onChange={onChange}
      data={[...new Set((ready.value?.models ?? []).map(({ model_id }) => model_id))]}
      maxTags={MAX_MODELS}
      limit={MAX_SUGGESTIONS}
    />
  );
}

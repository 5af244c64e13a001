// The models of the pool, grouped by what they do, with the number of nodes that have each ready and in memory, and
// whether it takes pictures. A text finds a model.
import { takingNodes } from '../../../shared/api/pool-models';
import { Select } from '@mantine/core';
import { useLabels } from '../../i18n/use-labels';
import { keyOf, type UsableModel, USES } from '../../queries/usable-models';
import classes from './ModelPicker.module.css';

export interface ModelPickerProps {
  readonly models: readonly UsableModel[];
  readonly model: UsableModel;
  readonly onChange: (key: string) => void;
}

/** Its id, for the focus. */
export const PICKER = 'try-model';

export function ModelPicker({ models, model, onChange }: ModelPickerProps) {
  const { t } = useLabels();
  const labelOf = ({ use, model: found }: UsableModel): string => {
    const { model_id: id, nodes_loaded: loaded, abilities } = found;
    return [
      `${id}  ·  ${t('try_it.model_nodes', { count: takingNodes(found) })}`,
      ...(loaded === undefined ? [] : [t('try_it.model_loaded', { loaded })]),
      ...(use === 'chat' && abilities?.vision === true ? [t('try_it.takes_pictures')] : []),
    ].join(t('punctuation.comma'));
  };
  return (
    <Select
      id={PICKER}
      className={classes['picker'] ?? ''}
      size="xs"
      aria-label={t('try_it.model')}
      value={keyOf(model)}
      onChange={(key) => {
        if (key !== null) onChange(key);
      }}
      data={USES.map((use) => ({
        group: t(`model_use.${use}`),
        items: models.filter((entry) => entry.use === use).map((entry) => ({ value: keyOf(entry), label: labelOf(entry) })),
      })).filter(({ items }) => items.length > 0)}
      searchable
      selectFirstOptionOnChange
      allowDeselect={false}
      comboboxProps={{ width: 340, position: 'top-start' }}
      nothingFoundMessage={t('table.none_found')}
    />
  );
}

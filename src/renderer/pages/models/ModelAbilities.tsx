// What a model can do, as icons with names: its type, and the abilities that nodes of the pool report, as `/v1/models` tells them.
import { Strokes } from '../../components/Icon';
import { useLabels } from '../../i18n/use-labels';
import { abilitiesOf, categoryOf, type ModelAbility, type ModelRow } from './model-rows';
import classes from './ModelAbilities.module.css';

const PATHS: Readonly<Record<ModelAbility, string>> = {
  chat: 'M2.5 3.5h11v7.5H7l-3 2.5V11H2.5z',
  embedding: 'M2.5 13.5v-11M2.5 13.5h11M2.5 13.5 11 5M7.5 5H11v3.5',
  speech: 'M3 6.5v3M6.3 4v8M9.7 2.5v11M13 6v4',
  rerank: 'M3 4h10M3 8h7M3 12h4',
  image: 'M2.5 3h11v10h-11zM2.5 11l3.5-3.5 3 3 2-2 2.5 2.5',
  translation: 'M2 4.5h7M5.5 2.5v2M7.5 4.5C7 7.5 5 9.5 2.5 10.5M4 6.5c.8 1.8 2 3 4 4M8 13.5 11 6.5l3 7M9 11.3h4',
  other: 'M8 2.5 13.5 8 8 13.5 2.5 8z',
  vision: 'M1.5 8S4 3.8 8 3.8 14.5 8 14.5 8 12 12.2 8 12.2 1.5 8 1.5 8ZM8 6.2a1.8 1.8 0 1 1 0 3.6 1.8 1.8 0 0 1 0-3.6Z',
  audio: 'M2.5 6.2v3.6h2.4L8.5 13V3L4.9 6.2zM11 5.8a3.2 3.2 0 0 1 0 4.4M13 3.8a6 6 0 0 1 0 8.4',
  tools: 'M9.5 6.5a3.2 3.2 0 0 0 4-4L11.6 4.4 9.9 3.9l-.4-1.7 1.9-1.8a3.2 3.2 0 0 0-4.2 4.2L2.4 9.6a1.9 1.9 0 0 0 2.8 2.8z',
  thinking: 'M5.8 10.4A4.2 4.2 0 1 1 10.2 10.4V12H5.8zM6.5 14.2h3',
};

export function ModelAbilities({ row }: { readonly row: ModelRow }) {
  const { t } = useLabels();
  const category = categoryOf(row);
  return (
    <span className={classes['abilities']}>
      {category !== null && (
        <span className={classes['type']} title={t(`own_models.category.${category}`)}>
          <Strokes path={PATHS[category]} size={13} />
          <span>{t(`own_models.category.${category}`)}</span>
        </span>
      )}
      {abilitiesOf(row).map((ability) => (
        <span key={ability} className={classes['ability']} title={t(`own_models.ability.${ability}`)}>
          <Strokes path={PATHS[ability]} size={13} />
          <span>{t(`own_models.ability_short.${ability}`)}</span>
        </span>
      ))}
    </span>
  );
}

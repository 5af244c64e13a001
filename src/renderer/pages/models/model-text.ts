// The text of a model that a search looks through.
import type { Labels } from '../../i18n/use-labels';
import { languagesOf, locationOf, modelReason, modelTasks, namesText, ownStateLabel, sizeText } from './model-labels';
import { abilitiesOf, categoryOf, isDownload, type ModelRow } from './model-rows';

export function modelText(row: ModelRow, labels: Labels): string {
  const { own, modelId, kind } = row;
  const category = categoryOf(row);
  return [
    modelId,
    namesText(row, labels) ?? '',
    kind === null ? '' : labels.code('model_kind', kind),
    category === null ? '' : labels.t(`own_models.category.${category}`),
    ...abilitiesOf(row).map((ability) => labels.t(`own_models.ability.${ability}`)),
    sizeText(row, labels),
    ...(own === null
      ? []
      : [
          locationOf(own),
          ownStateLabel(own, labels).label,
          own.reason_code,
          modelReason(own, labels),
          languagesOf(own) ?? '',
          modelTasks(own, labels) ?? '',
          own.version,
          own.shared === false ? labels.t('own_models.not_shared') : '',
          isDownload(own) ? labels.t('model_state.downloading') : '',
        ]),
  ].join(' ');
}

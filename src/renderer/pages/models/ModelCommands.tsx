// Load and unload in the palette, on every page: the models of this computer whose model server can do it.
import { type Command, useCommands } from '../../components/commands/commands';
import { useToasts } from '../../components/toasts/use-toasts';
import { useLabels } from '../../i18n/use-labels';
import { usefulActions } from '../../labels/residency-labels';
import { useOperation } from '../../queries/use-operation';
import { useScreen } from '../../store/Screen';

export function ModelCommands() {
  const { t } = useLabels();
  const { store } = useScreen();
  const { showError } = useToasts();
  const { run } = useOperation('models.control');
  const control = async (modelId: string, action: 'load' | 'unload'): Promise<void> => {
    const outcome = await run({ model_id: modelId, action });
    if (!outcome.ok) showError(outcome.error);
  };
  // The state is read when the palette asks, so the frame does not render again with each change of a model.
  useCommands((search) => {
    const models = search.trim() === '' ? [] : (store.getState().app?.agent?.models ?? []);
    return models.flatMap(({ model_id: modelId, residency = null, actions = [] }) =>
      usefulActions(residency, actions)
        .filter((action) => action === 'load' || action === 'unload')
        .map((action): Command => ({
          id: `${action} ${modelId}`,
          group: 'actions',
          title: t(`palette.${action}`, { name: modelId }),
          detail: t('palette.model_here'),
          run: () => void control(modelId, action),
        })),
    );
  });
  return null;
}

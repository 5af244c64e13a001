// "Try" in the palette, on every page: opens the page Try it with the model.
import { may } from '../../../shared/api/pool-access';
import { useCommands, usePaletteOpen } from '../../components/commands/commands';
import { useLabels } from '../../i18n/use-labels';
import { useReadyModels } from '../../queries/nodes';
import { useApp, useScreen } from '../../store/Screen';
import { goTo } from '../../store/use-route';
import { keyOf, usableModels, type UsableModel } from '../../queries/usable-models';

export function TryCommands() {
  const { t } = useLabels();
  const { store, api } = useScreen();
  const isOpen = usePaletteOpen();
  const mayAsk = useApp(({ pool }) => may(pool, 'submit_jobs'));
  const { value } = useReadyModels(isOpen && mayAsk);
  // The code of the chat is loaded with its page.
  const open = async (model: UsableModel): Promise<void> => {
    const { chatOf } = await import('./chat-store');
    chatOf(store, api).change({ chosen: keyOf(model) });
    goTo({ page: 'try' });
  };
  useCommands((search) => {
    if (search.trim() === '' || !mayAsk) return [];
    return usableModels(value?.models ?? []).map((usable) => ({
      id: `try ${keyOf(usable)}`,
      group: 'actions',
      title: t('palette.try', { name: usable.model.model_id }),
      detail: t(`model_use.${usable.use}`),
      run: () => void open(usable),
    }));
  });
  return null;
}

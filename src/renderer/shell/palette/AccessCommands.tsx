// An invitation and a key of a program in the palette, on every page. It holds the dialog of the key.
import { useState } from 'react';
import { may } from '../../../shared/api/pool-access';
import { useCommands } from '../../components/commands/commands';
import { late } from '../../components/late';
import { useLabels } from '../../i18n/use-labels';
import { INVITE_ID } from '../../routes';
import { useScreen } from '../../store/Screen';
import { goTo } from '../../store/use-route';

const KEY_DIALOG = late(async () => (await import('../../pages/members/KeyDialog')).KeyDialog);

export function AccessCommands() {
  const { t } = useLabels();
  const { store } = useScreen();
  const [isKeyWanted, setIsKeyWanted] = useState(false);
  useCommands((search) => {
    if (search.trim() === '' || !may(store.getState().app?.pool ?? null, 'manage')) return [];
    return [
      {
        id: 'invite',
        group: 'actions',
        title: t('members.invite'),
        words: t('palette_search.act.invite'),
        run: () => goTo({ page: 'members', id: INVITE_ID }),
      },
      {
        id: 'new_key',
        group: 'actions',
        title: t('members.new_key'),
        words: t('palette_search.act.new_key'),
        run: () => setIsKeyWanted(true),
      },
    ];
  });
  return isKeyWanted ? <KEY_DIALOG.View opened onClose={() => setIsKeyWanted(false)} /> : null;
}

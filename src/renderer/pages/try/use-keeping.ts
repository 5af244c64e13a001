// While the page is shown: what other windows change in the chats appears, and the end of the page cuts an answer, whose text is kept.
import { useEffect } from 'react';
import { useLabels } from '../../i18n/use-labels';
import { useScreen } from '../../store/Screen';
import { KEY_PREFIX } from './chat-shelf';
import type { Chat } from './chat-store';
import { ELSEWHERE_MS } from './kept-chat';
import { useChatState } from './use-chat';

export function useKeeping(chat: Chat): void {
  useEffect(() => {
    const change = ({ key }: StorageEvent): void => {
      if (key === null || key.startsWith(KEY_PREFIX)) chat.keeping.refresh();
    };
    const leave = (): void => chat.leave();
    const cut = (): void => chat.cut();
    chat.keeping.refresh();
    window.addEventListener('storage', change);
    window.addEventListener('beforeunload', leave);
    window.addEventListener('pagehide', cut);
    return () => {
      window.removeEventListener('storage', change);
      window.removeEventListener('beforeunload', leave);
      window.removeEventListener('pagehide', cut);
    };
  }, [chat]);
  // Each save of the other window replaces this object, and begins the time again.
  const elsewhere = useChatState(({ turns }) => turns.find(({ answer }) => answer.state === 'elsewhere') ?? null);
  useEffect(() => {
    if (elsewhere === null) return undefined;
    const timer = setTimeout(() => chat.keeping.refresh(), ELSEWHERE_MS);
    return () => clearTimeout(timer);
  }, [chat, elsewhere]);
}

/** The desktop app is a window of this computer, not of a browser. */
export const useDevice = (): 'browser' | 'computer' => (useScreen().endpoint.url === null ? 'computer' : 'browser');

export function useWhere(): string {
  const { t } = useLabels();
  const device = useDevice();
  const isKeeping = useChatState((state) => state.isKeeping);
  return t(isKeeping ? `try_chats.where.${device}` : 'try_it.where');
}

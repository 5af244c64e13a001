// Whether the list of chats is shown: a column that stays as the user left it, and in narrow windows a drawer, which is closed at first. The
// column is open at first where the window is wide and there are chats; it does not appear beside a chat that has just begun.
import { useMediaQuery } from '@mantine/hooks';
import { useState } from 'react';
import { useScreenState } from '../../store/Screen';
import { useChatState } from './use-chat';

export interface ChatListState {
  readonly isDrawer: boolean;
  readonly isOpen: boolean;
  readonly toggle: () => void;
}

export function useChatList(): ChatListState {
  const isDrawer = useMatch('(max-width: 899px)');
  const isWide = useMatch('(min-width: 1280px)');
  const chosen = useScreenState(({ preferences }) => preferences.chatList);
  const setPreferences = useScreenState((state) => state.setPreferences);
  const [isDrawerOpen, setIsDrawerOpen] = useState(false);
  const count = useChatState(({ kept }) => kept.length);
  const [hadChats] = useState(count > 0);
  const isColumnOpen = chosen ?? (isWide && hadChats);
  return {
    isDrawer,
    isOpen: isDrawer ? isDrawerOpen : isColumnOpen,
    toggle: () => (isDrawer ? setIsDrawerOpen(!isDrawerOpen) : setPreferences({ chatList: !isColumnOpen })),
  };
}

const useMatch = (query: string): boolean => useMediaQuery(query, undefined, { getInitialValueInEffect: false });

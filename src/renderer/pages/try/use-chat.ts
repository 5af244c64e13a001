// The chat of this window, and parts of its state.
import { useStore } from 'zustand';
import { useScreen } from '../../store/Screen';
import type { ChatState } from './chat-state';
import { type Chat, chatOf } from './chat-store';

export function useChat(): Chat {
  const { store, api } = useScreen();
  return chatOf(store, api);
}

export const useChatState = <Part>(select: (state: ChatState) => Part): Part => useStore(useChat().store, select);

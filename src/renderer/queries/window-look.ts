// Tells the desktop app the language and the theme of its window, so that the menu, the tray and the dialogs of the system use them.
import { useEffect } from 'react';
import type { WindowLook } from '../../shared/api/app-api';
import { useScreen, useScreenState } from '../store/Screen';

export function useWindowLook(language: WindowLook['language'], theme: WindowLook['theme']): void {
  const { api } = useScreen();
  const isDesktop = useScreenState(({ app }) => app?.app.mode === 'desktop');
  useEffect(() => {
    // Without an answer the language and the theme of the system stay.
    if (isDesktop) void api.call('desktop.set_look', { language, theme });
  }, [api, isDesktop, language, theme]);
}

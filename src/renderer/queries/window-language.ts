// Tells the desktop app the language of its window, so that the tray and the notifications use it.
import { useEffect } from 'react';
import type { Language } from '../../shared/language';
import { useScreen, useScreenState } from '../store/Screen';

export function useWindowLanguage(language: Language): void {
  const { api } = useScreen();
  const isDesktop = useScreenState(({ app }) => app?.app.mode === 'desktop');
  useEffect(() => {
    // Without an answer the tray keeps the language of the system.
    if (isDesktop) void api.call('desktop.set_language', { language });
  }, [api, isDesktop, language]);
}

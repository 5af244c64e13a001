// The colour scheme of the system, and whether it asks for more contrast, as they change.
import { useSyncExternalStore } from 'react';

const mediaOf = (media: string) => ({
  matches: () => window.matchMedia(media).matches,
  subscribe: (listener: () => void) => {
    const query = window.matchMedia(media);
    query.addEventListener('change', listener);
    return () => query.removeEventListener('change', listener);
  },
});

const DARK = mediaOf('(prefers-color-scheme: dark)');
const MORE_CONTRAST = mediaOf('(prefers-contrast: more)');

export const useSystemTheme = (): 'light' | 'dark' => (useSyncExternalStore(DARK.subscribe, DARK.matches) ? 'dark' : 'light');
export const useSystemContrast = (): boolean => useSyncExternalStore(MORE_CONTRAST.subscribe, MORE_CONTRAST.matches);

// The colour scheme of the system, as it changes.
import { useSyncExternalStore } from 'react';

const QUERY = '(prefers-color-scheme: dark)';

export const useSystemTheme = (): 'light' | 'dark' =>
  useSyncExternalStore(subscribe, () => (window.matchMedia(QUERY).matches ? 'dark' : 'light'));

function subscribe(listener: () => void): () => void {
  const query = window.matchMedia(QUERY);
  query.addEventListener('change', listener);
  return () => query.removeEventListener('change', listener);
}

// The location's hash: pages are places one can link to and go back from, in a window and in a browser alike.
import { useSyncExternalStore } from 'react';

export const useHash = (): string => useSyncExternalStore(subscribe, () => window.location.hash);

function subscribe(listener: () => void): () => void {
  window.addEventListener('hashchange', listener);
  return () => window.removeEventListener('hashchange', listener);
}

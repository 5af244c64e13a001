// The route of the window: read from the location's hash, changed by `goTo`. Links are plain anchors with `hrefOf`.
import { useMemo, useSyncExternalStore } from 'react';
import { hrefOf, parseRoute, type Route, type RouteTarget } from '../routes';

const listeners = new Set<() => void>();

export function useRoute(): Route {
  const hash = useSyncExternalStore(subscribe, () => window.location.hash);
  return useMemo(() => parseRoute(hash), [hash]);
}

/** Renders again only when this part changes: `select` returns a primitive. */
export function useRoutePart<Part extends string | null>(select: (route: Route) => Part): Part {
  return useSyncExternalStore(subscribe, () => select(parseRoute(window.location.hash)));
}

/** `replace`: without an entry in the history, for what changes with every key. */
export function goTo(target: RouteTarget, { replace = false }: { readonly replace?: boolean } = {}): void {
  const href = hrefOf(target);
  if (href === window.location.hash) return;
  if (replace) window.history.replaceState(null, '', href);
  else window.history.pushState(null, '', href);
  // The history tells nobody of these two. Told here, and at once: an input that shows a part of the route is a controlled one.
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  if (listeners.size === 0) {
    window.addEventListener('hashchange', notify);
    window.addEventListener('popstate', notify);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    window.removeEventListener('hashchange', notify);
    window.removeEventListener('popstate', notify);
  };
}

function notify(): void {
  for (const listener of listeners) listener();
}

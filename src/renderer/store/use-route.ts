// The route of the window, read from the location hash and changed by `goTo`. Links are anchors with `hrefOf`.
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

/** `replace`: adds no entry to the history, for changes with every key press. */
export function goTo(target: RouteTarget, { replace = false }: { readonly replace?: boolean } = {}): void {
  const href = hrefOf(target);
  if (href === window.location.hash) return;
  if (replace) window.history.replaceState(null, '', href);
  else window.history.pushState(null, '', href);
  // Neither call fires an event. Listeners run synchronously, because controlled inputs show parts of the route.
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

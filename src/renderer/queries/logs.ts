// The log of the program while a page shows it.
import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { useScreen } from '../store/Screen';
import { LogFeed, type LogFeedState, type LogFilters } from './log-feed';

export interface Logs extends LogFeedState {
  readonly loadOlder: () => void;
}

/** Other filters start again with the newest lines. */
export function useLogs({ level, source, event, nodeId, text }: LogFilters): Logs {
  const { api, store } = useScreen();
  const feed = useMemo(() => {
    const isActive = (): boolean => document.visibilityState === 'visible' && store.getState().connection === 'open';
    return new LogFeed({ api, filters: { level, source, event, nodeId, text }, isActive });
  }, [api, store, level, source, event, nodeId, text]);
  useEffect(() => {
    feed.start();
    return () => {
      feed.stop();
    };
  }, [feed]);
  const state = useSyncExternalStore(feed.subscribe, feed.state);
  return { ...state, loadOlder: () => void feed.loadOlder() };
}

// Gives the store and the connection to the program to all components below.
import { createContext, useContext } from 'react';
import { useStore } from 'zustand';
import type { AppApi } from '../../shared/api/app-api';
import type { AppState } from '../../shared/api/app-state';
import type { Connection, PoolEndpoint } from '../api/create-api';
import type { ScreenState, ScreenStore } from './app-store';

export interface Screen {
  readonly store: ScreenStore;
  readonly api: AppApi;
  readonly setToken: Connection['setToken'];
  readonly endpoint: PoolEndpoint;
}

const ScreenContext = createContext<Screen | null>(null);
export const ScreenProvider = ScreenContext.Provider;

export function useScreen(): Screen {
  const screen = useContext(ScreenContext);
  if (screen === null) throw new Error('no ScreenProvider');
  return screen;
}

export function useScreenState<Part>(select: (state: ScreenState) => Part): Part {
  return useStore(useScreen().store, select);
}

/** The program's state. Only below the shell, which waits for the first snapshot. */
export function useApp<Part>(select: (app: AppState) => Part): Part {
  return useScreenState(({ app }) => {
    if (app === null) throw new Error('a page was shown before the first snapshot');
    return select(app);
  });
}

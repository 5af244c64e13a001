// The one state of the screen: what the program says (AppState), whether the way to it is open, and the person's preferences.
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppApi, ConnectionState } from '../../shared/api/app-api';
import { applyAppEvent, type AppState } from '../../shared/api/app-state';
import { type GpuHistory, withReading } from './gpu-history';
import { type Preferences, readPreferences, writePreferences } from './preferences';

export interface ScreenState {
  /** Null before the first snapshot. Kept while the connection is lost: old, and shown as old. */
  readonly app: AppState | null;
  readonly connection: ConnectionState;
  /** When the connection came to this state, Unix ms. */
  readonly connectionSince: number;
  readonly gpuHistory: GpuHistory;
  readonly preferences: Preferences;
  setPreferences(change: Partial<Preferences>): void;
}

export type ScreenStore = StoreApi<ScreenState>;

export interface StoreOptions {
  readonly storage: Storage;
  /** Unix ms. */
  readonly now: () => number;
}

export function createScreenStore({ storage, now }: StoreOptions): ScreenStore {
  return createStore<ScreenState>((set, get) => ({
    app: null,
    connection: 'connecting',
    connectionSince: now(),
    gpuHistory: {},
    preferences: readPreferences(storage),
    setPreferences(change) {
      const preferences = { ...get().preferences, ...change };
      writePreferences(storage, preferences);
      set({ preferences });
    },
  }));
}

/** Keeps the store true to the program; returns how to stop. */
export function follow(store: ScreenStore, api: AppApi, now: () => number): () => void {
  return api.subscribe({
    onEvent(event) {
      store.setState((state) => {
        const app = applyAppEvent(state.app, event);
        return { app, gpuHistory: withReading(state.gpuHistory, app?.agent ?? null) };
      });
    },
    onConnection(connection) {
      store.setState((state) => (state.connection === connection ? state : { connection, connectionSince: now() }));
    },
  });
}

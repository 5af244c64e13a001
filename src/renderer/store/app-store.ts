// The whole state of the screen: the state of the program (AppState), the connection to it, and the user's preferences.
import { replaceEqualDeep } from '@tanstack/react-query';
import { createStore, type StoreApi } from 'zustand/vanilla';
import type { AppApi, ConnectionState } from '../../shared/api/app-api';
import { type AppEvent, applyAppEvents, type AppState } from '../../shared/api/app-state';
import { withOneOwnState } from '../../shared/api/one-own-state';
import { changesJobs } from './job-changes';
import { type Preferences, readPreferences, writePreferences } from './preferences';

export interface ScreenState {
  /** Null before the first snapshot. Kept while the connection is lost, and marked as old on the screen. */
  readonly app: AppState | null;
  readonly connection: ConnectionState;
  /** Where the leader is when the scheduler at this address does not lead. Its address is null when not known. Null: it leads, or is away. */
  readonly leader: { readonly address: string | null } | null;
  /** When the connection entered this state. */
  readonly connectionSinceWallMs: number;
  /** Increases with each message that reports changed jobs of the pool. */
  readonly jobsRevision: number;
  readonly preferences: Preferences;
  readonly setPreferences: (change: Partial<Preferences>) => void;
  /** Where this device keeps what belongs to its user, and its clock. */
  readonly device: StoreOptions;
}

export type ScreenStore = StoreApi<ScreenState>;

export interface StoreOptions {
  readonly storage: Storage;
  /** What the browser keeps for this tab alone, also when it is loaded again. Absent: nothing. */
  readonly tab?: Storage;
  /** Unix ms. */
  readonly now: () => number;
}

export function createScreenStore(device: StoreOptions): ScreenStore {
  const { storage, now } = device;
  return createStore<ScreenState>((set, get) => ({
    app: null,
    connection: 'connecting',
    leader: null,
    connectionSinceWallMs: now(),
    jobsRevision: 0,
    device,
    preferences: readPreferences(storage),
    setPreferences(change) {
      const preferences = { ...get().preferences, ...change };
      writePreferences(storage, preferences);
      set({ preferences });
    },
  }));
}

/** Updates the store with every event; returns the function that stops this. */
export function follow(store: ScreenStore, api: AppApi, now: () => number): () => void {
  return api.subscribe({
    onEvents(events) {
      applyEvents(store, events);
    },
    onConnection(connection, leader) {
      store.setState((state) => ({
        ...(state.connection === connection ? {} : { connection, connectionSinceWallMs: now() }),
        ...withLeader(state, leader),
      }));
    },
  });
}

/** The same object while nothing changes, so that no component renders again. */
function withLeader({ leader: last }: ScreenState, leader: string | null | undefined): Pick<ScreenState, 'leader'> {
  if (leader === undefined) return { leader: null };
  return { leader: last !== null && last.address === leader ? last : { address: leader } };
}

/** Also for answers of the program that contain a new state. */
export function applyEvents(store: ScreenStore, events: readonly AppEvent[]): void {
  store.setState((state) => withEvents(state, events));
}

/**
 * One change of the store for one message, so that React renders once. The parts of the agent that are as before stay the same objects, so
 * that the components of these parts do not render again.
 */
function withEvents(state: ScreenState, events: readonly AppEvent[]): Partial<ScreenState> {
  const applied = applyAppEvents(state.app, events);
  const next = applied === null ? null : withOneOwnState(applied);
  const app = next === null ? null : { ...next, agent: replaceEqualDeep(state.app?.agent ?? null, next.agent) };
  return {
    app,
    jobsRevision: state.jobsRevision + (changesJobs(state.app, events) ? 1 : 0),
  };
}

// The one table of IPC channels between window and main process: names, and what travels on them. The preload and the main
// side both take their types from here; what a call means is AppApi's.
import type { AppEvent } from './app-state';
import type { ConnectionState, Outcome } from './app-api';

export const IPC = {
  call: 'muster:call',
  subscribe: 'muster:subscribe',
  unsubscribe: 'muster:unsubscribe',
  update: 'muster:update',
} as const;

/** Window to main, answered. */
export interface IpcInvokes {
  readonly [IPC.call]: { readonly request: readonly [operation: string, params: unknown]; readonly answer: Outcome<unknown> };
}

/** Window to main, not answered. The id is the window's own, to tell its subscriptions apart. */
export interface IpcSends {
  readonly [IPC.subscribe]: readonly [subscriptionId: number];
  readonly [IPC.unsubscribe]: readonly [subscriptionId: number];
}

/** Main to window. */
export interface IpcUpdate {
  readonly subscriptionId: number;
  readonly update: { readonly events: readonly AppEvent[] } | { readonly connection: ConnectionState };
}

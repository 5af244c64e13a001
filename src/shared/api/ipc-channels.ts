// The IPC channels between window and main process: names and types of their messages. Both the preload and the main process use them.
// AppApi defines the operations.
import type { AppEvent } from './app-state';
import type { AskEvent } from './ask';
import type { ConnectionState, Outcome } from './app-api';

export const IPC = {
  call: 'muster:call',
  subscribe: 'muster:subscribe',
  unsubscribe: 'muster:unsubscribe',
  ask: 'muster:ask',
  askTaken: 'muster:ask-taken',
  cancelAsk: 'muster:cancel-ask',
  update: 'muster:update',
} as const;

/** Window to main, with an answer. */
export interface IpcInvokes {
  readonly [IPC.call]: { readonly request: readonly [operation: string, params: unknown]; readonly answer: Outcome<unknown> };
}

/** Window to main, without an answer. The page chooses the id, which identifies the subscription. */
export interface IpcSends {
  readonly [IPC.subscribe]: readonly [subscriptionId: number];
  readonly [IPC.unsubscribe]: readonly [subscriptionId: number];
  /** The page chooses the id of the question, too. */
  readonly [IPC.ask]: readonly [askId: number, params: unknown];
  /** The page has taken one message of the answer. The main process reads on only then. */
  readonly [IPC.askTaken]: readonly [askId: number];
  readonly [IPC.cancelAsk]: readonly [askId: number];
}

/** Main to window: of a subscription, or of a question. */
export type IpcUpdate =
  | {
      readonly subscriptionId: number;
      readonly update: { readonly events: readonly AppEvent[] } | { readonly connection: ConnectionState };
    }
  | { readonly askId: number; readonly events: readonly AskEvent[] };

// Holds the messages of the page until the program is open, and then delivers them in order: the page is loaded at the same time.
import { IPC } from '../../shared/api/ipc-channels';
import type { IpcMainPort } from './ipc-app-api';

type Handler = Parameters<IpcMainPort['handle']>[1];
type Listener = Parameters<IpcMainPort['on']>[1];

export interface HeldMessages extends IpcMainPort {
  /** Call this when all channels have their handlers. */
  deliver(): void;
}

/** Call this before the page is loaded. */
export function holdMessages(ipc: IpcMainPort): HeldMessages {
  const handlers = new Map<string, Handler>();
  const listeners = new Map<string, Listener>();
  let deliver = (): void => undefined;
  const delivered = new Promise<void>((resolve) => {
    deliver = resolve;
  });
  ipc.handle(IPC.call, async (event, ...args) => {
    await delivered;
    return handlers.get(IPC.call)?.(event, ...args);
  });
  for (const channel of [IPC.subscribe, IPC.unsubscribe, IPC.ask, IPC.askTaken, IPC.cancelAsk]) {
    ipc.on(channel, (event, ...args) => {
      void delivered.then(() => listeners.get(channel)?.(event, ...args));
    });
  }
  return {
    handle: (channel, handler) => {
      handlers.set(channel, handler);
    },
    on: (channel, listener) => {
      listeners.set(channel, listener);
    },
    deliver: () => {
      deliver();
    },
  };
}

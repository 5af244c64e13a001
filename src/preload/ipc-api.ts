// AppApi over IPC, on the window's side: a call is one request and its answer, a subscription is an id whose updates arrive on
// one channel. It decides nothing and exposes no more than AppApi.
import type { AppApi, AppListener } from '../shared/api/app-api';
import type { AskEvent, AskListener } from '../shared/api/ask';
import { isLast, LISTENER_FAILED } from '../shared/api/ask-end';
import { IPC, type IpcInvokes, type IpcSends, type IpcUpdate } from '../shared/api/ipc-channels';

/** The part of Electron's ipcRenderer that this file uses. */
export interface IpcRendererPort {
  invoke(channel: typeof IPC.call, ...request: IpcInvokes[typeof IPC.call]['request']): Promise<unknown>;
  send<Channel extends keyof IpcSends>(channel: Channel, ...message: IpcSends[Channel]): void;
  on(channel: typeof IPC.update, listener: (event: unknown, update: IpcUpdate) => void): unknown;
}

/** A listener that throws at the last event gets no other. */
async function takeFailure(listener: AskListener | undefined): Promise<void> {
  try {
    await listener?.onEvents([LISTENER_FAILED]);
  } catch {
    return;
  }
}

export function ipcAppApi(ipc: IpcRendererPort): AppApi {
  const listeners = new Map<number, AppListener>();
  let lastId = 0;
  const asks = new Map<number, AskListener>();
  const takeAnswer = async (askId: number, events: readonly AskEvent[]): Promise<void> => {
    const listener = asks.get(askId);
    if (events.some(isLast)) asks.delete(askId);
    try {
      await listener?.onEvents(events);
      ipc.send(IPC.askTaken, askId);
    } catch {
      if (!asks.delete(askId)) return;
      ipc.send(IPC.cancelAsk, askId);
      await takeFailure(listener);
    }
  };
  ipc.on(IPC.update, (_event, message) => {
    if ('askId' in message) {
      void takeAnswer(message.askId, message.events);
      return;
    }
    const { subscriptionId, update } = message;
    const listener = listeners.get(subscriptionId);
    if ('events' in update) listener?.onEvents(update.events);
    else listener?.onConnection(update.connection);
  });

  const call = async (name: string, params: unknown): Promise<unknown> => {
    try {
      return await ipc.invoke(IPC.call, name, params);
    } catch {
      return { ok: false, error: { code: 'DISCONNECTED', message: 'the program did not answer', details: null } };
    }
  };
  return {
    // The main process answers with the AppApi of the same build, so the answer has the type of the operation.
    call: call as AppApi['call'],
    subscribe: (listener) => {
      const id = ++lastId;
      listeners.set(id, listener);
      listener.onConnection('connecting');
      ipc.send(IPC.subscribe, id);
      return () => {
        if (listeners.delete(id)) ipc.send(IPC.unsubscribe, id);
      };
    },
    ask: (params, listener) => {
      const id = ++lastId;
      asks.set(id, listener);
      ipc.send(IPC.ask, id, params);
      return () => {
        if (asks.delete(id)) ipc.send(IPC.cancelAsk, id);
      };
    },
  };
}

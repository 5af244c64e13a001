// AppApi over IPC, as the window sees it: a call is one question and its answer, a subscription is an id whose news arrive on
// one channel. It decides nothing and gives no more than AppApi.
import type { AppApi, AppListener } from '../shared/api/app-api';
import { IPC, type IpcInvokes, type IpcNews, type IpcSends } from '../shared/api/ipc-channels';

/** The part of Electron's ipcRenderer that is used. */
export interface IpcRendererPort {
  invoke(channel: typeof IPC.call, ...request: IpcInvokes[typeof IPC.call]['request']): Promise<unknown>;
  send<Channel extends keyof IpcSends>(channel: Channel, ...message: IpcSends[Channel]): void;
  on(channel: typeof IPC.news, listener: (event: unknown, news: IpcNews) => void): unknown;
}

export function ipcAppApi(ipc: IpcRendererPort): AppApi {
  const listeners = new Map<number, AppListener>();
  let lastId = 0;
  ipc.on(IPC.news, (_event, { subscriptionId, news }) => {
    const listener = listeners.get(subscriptionId);
    if ('event' in news) listener?.onEvent(news.event);
    else listener?.onConnection(news.connection);
  });

  const call = async (name: string, params: unknown): Promise<unknown> => {
    try {
      return await ipc.invoke(IPC.call, name, params);
    } catch {
      return { ok: false, error: { code: 'DISCONNECTED', message: 'the program did not answer', details: null } };
    }
  };
  return {
    // The answer was made by the AppApi on the other side, which both sides have from one source.
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
  };
}

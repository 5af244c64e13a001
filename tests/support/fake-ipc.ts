// Electron's ipcMain and ipcRenderer in memory: values are cloned as in Electron, replies are asynchronous, and each message has its
// sender.
import type { IpcMainPort, IpcSenderEvent } from '../../src/main/desktop/ipc-app-api';
import type { IpcWebContents } from '../../src/main/desktop/ipc-web-contents';
import type { IpcRendererPort } from '../../src/preload/ipc-api';
import type { IpcUpdate } from '../../src/shared/api/ipc-channels';

type Handler = (event: IpcSenderEvent, ...args: unknown[]) => unknown;

export class FakeIpcMain implements IpcMainPort {
  readonly handlers = new Map<string, Handler>();
  readonly listeners = new Map<string, Handler>();

  handle(channel: string, handler: Handler): void {
    this.handlers.set(channel, handler);
  }

  on(channel: string, listener: Handler): void {
    this.listeners.set(channel, listener);
  }
}

/** One window: its messages carry its frame, and messages to it reach its listeners. */
export class FakeWindow implements IpcRendererPort {
  frame: IpcSenderEvent['senderFrame'] = { url: 'app://muster/index.html', parent: null };
  destroyed = false;
  #updateListener: (event: unknown, update: IpcUpdate) => void = () => undefined;
  readonly peer: IpcWebContents;

  readonly #main: FakeIpcMain;

  constructor(main: FakeIpcMain, id = 1) {
    this.#main = main;
    this.peer = {
      id,
      isDestroyed: () => this.destroyed,
      send: (_channel, update) => {
        if (this.destroyed) throw new Error('Object has been destroyed');
        this.#updateListener({}, structuredClone(update));
      },
    };
  }

  async invoke(channel: string, ...args: unknown[]): Promise<unknown> {
    const handler = this.#main.handlers.get(channel);
    if (handler === undefined) throw new Error(`No handler registered for '${channel}'`);
    return structuredClone<unknown>(await handler(this.#event(), ...structuredClone(args)));
  }

  send(channel: string, ...args: readonly unknown[]): void {
    this.#main.listeners.get(channel)?.(this.#event(), ...(structuredClone(args) as unknown[]));
  }

  on(_channel: string, listener: (event: unknown, update: IpcUpdate) => void): void {
    this.#updateListener = listener;
  }

  #event(): IpcSenderEvent {
    return { sender: this.peer, senderFrame: this.frame };
  }
}

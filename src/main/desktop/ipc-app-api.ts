// Serves AppApi to the window. The sender of each message is checked: only the top frame of the app's window, with a page of the app,
// gets an answer (Electron's security checklist, 17). Arguments are decoded before use.
import { z } from 'zod';
import type { AppApi, OperationName, OperationParams } from '../../shared/api/app-api';
import type { Logger } from '../platform/logger';
import { failure } from '../contracts/app-errors';
import { isOwnPage } from './core/own-pages';
import { IpcAsks } from './ipc-asks';
import type { IpcWebContents } from './ipc-web-contents';
import { IPC, type IpcUpdate } from '../../shared/api/ipc-channels';

/** The part of Electron's IpcMainEvent and IpcMainInvokeEvent that this file uses. */
export interface IpcSenderEvent {
  readonly sender: IpcWebContents;
  /** Null when the frame no longer exists. */
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** The part of Electron's ipcMain that this file uses. */
export interface IpcMainPort {
  handle(channel: string, handler: (event: IpcSenderEvent, ...args: unknown[]) => unknown): void;
  on(channel: string, listener: (event: IpcSenderEvent, ...args: unknown[]) => void): void;
}

export interface IpcServerOptions {
  readonly ipc: IpcMainPort;
  readonly api: AppApi;
  readonly logger: Logger;
  /** Whether these web contents are those of the app's window. */
  readonly isAppWindow: (webContentsId: number) => boolean;
}

type SubscriptionUpdate = Extract<IpcUpdate, { readonly subscriptionId: number }>['update'];

const operationSchema = z.string().max(64);
const subscriptionSchema = z.number().int().min(0);
const MAX_SUBSCRIPTIONS = 16;

export class IpcAppApi {
  /** The functions that end subscriptions, by the id of the web contents, then by the id that the page chose. */
  readonly #subscriptions = new Map<number, Map<number, () => void>>();

  readonly #options: IpcServerOptions;

  readonly #asks: IpcAsks;

  constructor(options: IpcServerOptions) {
    this.#options = options;
    const { ipc, api } = options;
    this.#asks = new IpcAsks(api);
    ipc.handle(IPC.call, (event, operation, params) => {
      if (!this.#isTrusted(event)) return failure('ORIGIN_NOT_ALLOWED');
      const name = operationSchema.safeParse(operation);
      if (!name.success) return failure('INVALID_REQUEST', { field: 'operation', reason: 'not an operation name' });
      // The API refuses unknown names, and params that do not match the schema.
      return api.call(name.data as OperationName, params as OperationParams<OperationName>);
    });
    ipc.on(IPC.subscribe, (event, subscriptionId) => {
      const id = subscriptionSchema.safeParse(subscriptionId);
      if (this.#isTrusted(event) && id.success) this.#open(event.sender, id.data);
    });
    ipc.on(IPC.unsubscribe, (event, subscriptionId) => {
      const id = subscriptionSchema.safeParse(subscriptionId);
      if (this.#isTrusted(event) && id.success) this.#close(event.sender.id, id.data);
    });
    const onAsk = (channel: string, handle: (sender: IpcWebContents, askId: number, params: unknown) => void): void => {
      ipc.on(channel, (event, askId, params) => {
        const id = subscriptionSchema.safeParse(askId);
        if (this.#isTrusted(event) && id.success) handle(event.sender, id.data, params);
      });
    };
    onAsk(IPC.ask, (sender, id, params) => {
      this.#asks.open(sender, id, params);
    });
    onAsk(IPC.askTaken, (sender, id) => {
      this.#asks.taken(sender.id, id);
    });
    onAsk(IPC.cancelAsk, (sender, id) => {
      this.#asks.cancel(sender.id, id);
    });
  }

  /** Ends all subscriptions and questions of a page that was left or reloaded, or whose process crashed. */
  unsubscribeAll(webContentsId: number): void {
    for (const stop of this.#subscriptions.get(webContentsId)?.values() ?? []) stop();
    this.#subscriptions.delete(webContentsId);
    this.#asks.cancelAll(webContentsId);
  }

  #isTrusted({ sender, senderFrame }: IpcSenderEvent): boolean {
    const trusted =
      senderFrame !== null && senderFrame.parent === null && isOwnPage(senderFrame.url) && this.#options.isAppWindow(sender.id);
    if (!trusted) this.#options.logger.log('warn', 'ipc_sender_refused', { url: senderFrame?.url.slice(0, 200) ?? null });
    return trusted;
  }

  #open(webContents: IpcWebContents, id: number): void {
    this.#close(webContents.id, id);
    const open = this.#subscriptions.get(webContents.id) ?? new Map<number, () => void>();
    if (open.size >= MAX_SUBSCRIPTIONS) return;
    const send = (update: SubscriptionUpdate): void => {
      if (!webContents.isDestroyed()) webContents.send(IPC.update, { subscriptionId: id, update });
    };
    const stop = this.#options.api.subscribe({
      onEvents: (events) => {
        send({ events });
      },
      onConnection: (connection) => {
        send({ connection });
      },
    });
    this.#subscriptions.set(webContents.id, open.set(id, stop));
  }

  #close(webContentsId: number, id: number): void {
    const open = this.#subscriptions.get(webContentsId);
    open?.get(id)?.();
    open?.delete(id);
  }
}

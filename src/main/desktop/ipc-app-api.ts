// Serves AppApi to the window. Checks the sender first: only the top frame of our own window, showing our own pages, gets an answer
// (Electron's checklist, 17). Decodes every message before use.
import { z } from 'zod';
import type { AppApi, OperationName, OperationParams } from '../../shared/api/app-api';
import type { Logger } from '../platform/logger';
import { failure } from '../contracts/app-errors';
import { isOwnPage } from './core/own-pages';
import { IPC, type IpcUpdate } from '../../shared/api/ipc-channels';

/** The part of Electron's WebContents that is used. */
export interface IpcPeer {
  readonly id: number;
  isDestroyed(): boolean;
  send(channel: string, update: IpcUpdate): void;
}

/** The part of Electron's IpcMainEvent and IpcMainInvokeEvent that is used. */
export interface IpcSenderEvent {
  readonly sender: IpcPeer;
  /** Null when the frame has gone meanwhile. */
  readonly senderFrame: { readonly url: string; readonly parent: unknown } | null;
}

/** The part of Electron's ipcMain that is used. */
export interface IpcMainPort {
  handle(channel: string, handler: (event: IpcSenderEvent, ...args: unknown[]) => unknown): void;
  on(channel: string, listener: (event: IpcSenderEvent, ...args: unknown[]) => void): void;
}

export interface IpcServerOptions {
  readonly ipc: IpcMainPort;
  readonly api: AppApi;
  readonly logger: Logger;
  /** Whether this is the web contents of our window. */
  readonly isOurWindow: (peerId: number) => boolean;
}

const operationSchema = z.string().max(64);
const subscriptionSchema = z.number().int().min(0);
const MAX_SUBSCRIPTIONS = 16;

export class IpcAppApi {
  /** By peer, then by the peer's own id. */
  private readonly subscriptions = new Map<number, Map<number, () => void>>();

  constructor(private readonly options: IpcServerOptions) {
    const { ipc, api } = options;
    ipc.handle(IPC.call, (event, operation, params) => {
      if (!this.isTrusted(event)) return failure('ORIGIN_NOT_ALLOWED');
      const name = operationSchema.safeParse(operation);
      if (!name.success) return failure('INVALID_REQUEST', { field: 'operation', reason: 'not an operation name' });
      // The API checks both itself: a name it does not know and params that are not of its schema are refused there.
      return api.call(name.data as OperationName, params as OperationParams<OperationName>);
    });
    ipc.on(IPC.subscribe, (event, subscriptionId) => {
      const id = subscriptionSchema.safeParse(subscriptionId);
      if (this.isTrusted(event) && id.success) this.open(event.sender, id.data);
    });
    ipc.on(IPC.unsubscribe, (event, subscriptionId) => {
      const id = subscriptionSchema.safeParse(subscriptionId);
      if (this.isTrusted(event) && id.success) this.close(event.sender.id, id.data);
    });
  }

  /** Ends all subscriptions of a page that was left, reloaded or lost. */
  forget(peerId: number): void {
    for (const stop of this.subscriptions.get(peerId)?.values() ?? []) stop();
    this.subscriptions.delete(peerId);
  }

  private isTrusted({ sender, senderFrame }: IpcSenderEvent): boolean {
    const trusted =
      senderFrame !== null && senderFrame.parent === null && isOwnPage(senderFrame.url) && this.options.isOurWindow(sender.id);
    if (!trusted) this.options.logger.log('warn', 'ipc_sender_refused', { url: senderFrame?.url.slice(0, 200) ?? null });
    return trusted;
  }

  private open(peer: IpcPeer, id: number): void {
    this.close(peer.id, id);
    const open = this.subscriptions.get(peer.id) ?? new Map<number, () => void>();
    if (open.size >= MAX_SUBSCRIPTIONS) return;
    const send = (update: IpcUpdate['update']): void => {
      if (!peer.isDestroyed()) peer.send(IPC.update, { subscriptionId: id, update });
    };
    const stop = this.options.api.subscribe({
      onEvents: (events) => {
        send({ events });
      },
      onConnection: (connection) => {
        send({ connection });
      },
    });
    this.subscriptions.set(peer.id, open.set(id, stop));
  }

  private close(peerId: number, id: number): void {
    const open = this.subscriptions.get(peerId);
    open?.get(id)?.();
    open?.delete(id);
  }
}

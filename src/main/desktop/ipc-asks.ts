// The questions of the window to models, by web contents and the id that the page chose. After each message the main process waits until the
// page has taken it, so that a slow page slows the answer and no messages pile up.
import type { AppApi } from '../../shared/api/app-api';
import type { AskEvent, AskParamsInput } from '../../shared/api/ask';
import { isLast } from '../../shared/api/ask-end';
import { IPC } from '../../shared/api/ipc-channels';
import { failure } from '../contracts/app-errors';
import type { IpcWebContents } from './ipc-web-contents';

const MAX_ASKS = 8;

interface OpenAsk {
  readonly cancel: () => void;
  /** Resolve when the page has taken their messages, in order. */
  readonly waiting: (() => void)[];
}

export class IpcAsks {
  readonly #api: Pick<AppApi, 'ask'>;
  readonly #open = new Map<number, Map<number, OpenAsk>>();

  constructor(api: Pick<AppApi, 'ask'>) {
    this.#api = api;
  }

  /** The API validates the params. */
  open(webContents: IpcWebContents, id: number, params: unknown): void {
    this.cancel(webContents.id, id);
    const open = this.#open.get(webContents.id) ?? new Map<number, OpenAsk>();
    const send = (events: readonly AskEvent[]): void => {
      if (!webContents.isDestroyed()) webContents.send(IPC.update, { askId: id, events });
    };
    if (open.size >= MAX_ASKS) {
      send([{ type: 'failed', error: failure('LIMIT_REACHED', { limit: 'questions', max: MAX_ASKS }).error }]);
      return;
    }
    const waiting: (() => void)[] = [];
    const end = { isReached: false };
    const cancel = this.#api.ask(params as AskParamsInput, {
      onEvents: (events) => {
        send(events);
        if (!events.some(isLast)) return new Promise<void>((resolve) => waiting.push(resolve));
        end.isReached = true;
        if (open.get(id)?.waiting === waiting) open.delete(id);
        return undefined;
      },
    });
    if (!end.isReached) this.#open.set(webContents.id, open.set(id, { cancel, waiting }));
  }

  taken(webContentsId: number, id: number): void {
    this.#open.get(webContentsId)?.get(id)?.waiting.shift()?.();
  }

  cancel(webContentsId: number, id: number): void {
    const ask = this.#open.get(webContentsId)?.get(id);
    if (ask === undefined) return;
    this.#open.get(webContentsId)?.delete(id);
    ask.cancel();
    for (const resolve of ask.waiting) resolve();
  }

  cancelAll(webContentsId: number): void {
    for (const id of [...(this.#open.get(webContentsId)?.keys() ?? [])]) this.cancel(webContentsId, id);
    this.#open.delete(webContentsId);
  }
}

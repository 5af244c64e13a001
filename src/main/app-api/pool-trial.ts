// The first connection to a pool that this computer joins: waits until the agent is connected, until the pool refuses it, or for the time
// limit. Until the end, the membership of before is kept.
import type { AgentView } from '../../shared/api/agent-view';
import { ok } from '../../shared/result';
import { failure } from '../contracts/app-errors';
import type { AgentPort, Done } from '../contracts/ports';
import type { Clock, Timer } from '../platform/clock';

/** Registering needs a few seconds. A scheduler that accepts connections and does not answer is given up after this time. */
export const TRIAL_MS = 30_000;

export type TrialEnd =
  | { readonly result: 'connected' }
  | { readonly result: 'refused'; readonly code: string }
  /** `cause`: why the last attempt failed. Null: none has ended. */
  | { readonly result: 'timeout'; readonly cause: string | null }
  | { readonly result: 'cancelled' };

export interface PoolTrialOptions {
  readonly agent: Pick<AgentPort, 'subscribe'>;
  readonly clock: Clock;
  /** `ws://` or `wss://` URL. A pool with a pin may be found at another address. */
  readonly url: string;
  readonly pin: string | null;
  readonly onEnd: (end: TrialEnd) => void;
}

type PresentLink = Exclude<AgentView['link'], { readonly state: 'idle' }>;

export class PoolTrial {
  readonly #options: PoolTrialOptions;
  readonly #unsubscribe: () => void;
  readonly #timer: Timer;
  #cause: string | null = null;
  #hasEnded = false;

  constructor(options: PoolTrialOptions) {
    this.#options = options;
    this.#timer = options.clock.setTimer(TRIAL_MS, () => {
      this.#end({ result: 'timeout', cause: this.#cause });
    });
    this.#unsubscribe = options.agent.subscribe(({ link }) => {
      // At first the view may still show the link of before.
      if (link.state !== 'idle' && this.#isTarget(link)) this.#onLink(link);
    });
  }

  cancel(): void {
    this.#end({ result: 'cancelled' });
  }

  #isTarget(link: PresentLink): boolean {
    const { url, pin } = this.#options;
    return link.scheduler_url === url || link.other_urls?.includes(url) === true || (pin !== null && link.pin === pin);
  }

  #onLink(link: PresentLink): void {
    if (link.state === 'connected') this.#end({ result: 'connected' });
    else if (link.state === 'refused') this.#end({ result: 'refused', code: link.code });
    else if (link.state === 'reconnecting') this.#cause = link.cause;
  }

  #end(end: TrialEnd): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#timer.cancel();
    this.#unsubscribe();
    this.#options.onEnd(end);
  }
}

export function doneOf(end: TrialEnd): Done {
  switch (end.result) {
    case 'connected':
      return ok(undefined);
    case 'refused':
      return failure('NOT_JOINED', { reason: 'refused', code: end.code });
    case 'timeout':
      return failure('NOT_JOINED', { reason: 'timeout', cause: end.cause });
    case 'cancelled':
      return failure('STOPPED');
  }
}

// AppApi over the preload's bridge, in the desktop app. The bridge already has the interface of AppApi; this file decodes its answers.
import type { AppApi, AppListener } from '../../shared/api/app-api';
import { fail } from '../../shared/result';
import { RECONNECT } from './http-api';
import { decodeAskEvents, decodeError, decodeEvents, decodeResult } from './decode';

declare global {
  interface Window {
    /** Exposed by the preload of the desktop app; absent in a browser. */
    readonly muster?: AppApi;
  }
}

/** The longest delay of a subscription over HTTP. */
export const REOPEN_MS = RECONNECT.maxMs;

export function ipcApi(bridge: AppApi): AppApi {
  return {
    async call(name, params) {
      try {
        const outcome = await bridge.call(name, params);
        return outcome.ok ? decodeResult(name, outcome.value) : fail(decodeError(outcome.error));
      } catch (error) {
        return fail({ code: 'DISCONNECTED', message: String(error), details: null });
      }
    },
    subscribe: (listener) => subscribe(bridge, listener),
    ask(params, listener) {
      const cancel = bridge.ask(params, {
        onEvents(events) {
          const decoded = decodeAskEvents(events);
          if (decoded.ok) return listener.onEvents(decoded.value);
          cancel();
          return listener.onEvents([{ type: 'failed', error: { code: 'INVALID_MESSAGE', message: '', details: { ...decoded.error } } }]);
        },
      });
      return cancel;
    },
  };
}

/**
 * A batch with an invalid event is refused whole: without it the state has a gap, and the window would show old values as present ones. As
 * over HTTP, the connection counts as lost, and a new subscription begins with a snapshot.
 */
function subscribe(bridge: AppApi, listener: AppListener): () => void {
  let end = (): void => undefined;
  const open = (): void => {
    const subscription = { isLost: false };
    const stop = bridge.subscribe({
      onEvents(events) {
        if (subscription.isLost) return;
        const decoded = decodeEvents(events);
        if (decoded.ok) {
          listener.onEvents(decoded.value);
          return;
        }
        subscription.isLost = true;
        end();
        const timer = setTimeout(open, REOPEN_MS);
        end = () => clearTimeout(timer);
        listener.onConnection('lost');
      },
      onConnection(...change) {
        if (!subscription.isLost) listener.onConnection(...change);
      },
    });
    // An invalid event can come before the call returns.
    if (subscription.isLost) stop();
    else end = stop;
  };
  open();
  return () => end();
}

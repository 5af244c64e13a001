// AppApi over the preload's bridge, in the desktop app. The bridge already has the interface of AppApi; this file decodes its answers.
import type { AppApi } from '../../shared/api/app-api';
import { fail } from '../../shared/result';
import { decodeAskEvents, decodeError, decodeEvents, decodeResult } from './decode';

declare global {
  interface Window {
    /** Exposed by the preload of the desktop app; absent in a browser. */
    readonly muster?: AppApi;
  }
}

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
    subscribe(listener) {
      return bridge.subscribe({
        onEvents(events) {
          const decoded = decodeEvents(events);
          if (decoded.ok) listener.onEvents(decoded.value);
          else listener.onConnection('lost');
        },
        onConnection: (state) => listener.onConnection(state),
      });
    },
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

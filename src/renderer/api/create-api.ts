// Which way leads to the program: the preload's bridge in the desktop app, HTTP in a browser.
import type { AppApi } from '../../shared/api/app-api';
import { httpApi } from './http-api';
import { ipcApi } from './ipc-api';

const TOKEN_KEY = 'muster.access-token';

export interface Connection {
  readonly api: AppApi;
  /** Gives an access token to the program; null where none can be asked for. */
  readonly useToken: ((token: string) => void) | null;
}

export function createApi(window: Window): Connection {
  if (window.muster !== undefined) return { api: ipcApi(window.muster), useToken: null };
  const api = httpApi({
    baseUrl: new URL('api/v1/app/', window.document.baseURI).href,
    token: {
      get: () => window.sessionStorage.getItem(TOKEN_KEY),
      set: (token) => window.sessionStorage.setItem(TOKEN_KEY, token),
    },
    fetch: window.fetch.bind(window),
    random: Math.random,
  });
  return { api, useToken: (token) => api.useToken(token) };
}

// Which way leads to the program: the preload's bridge in the desktop app, HTTP in a browser.
import type { AppApi } from '../../shared/api/app-api';
import { httpApi } from './http-api';
import { ipcApi } from './ipc-api';

const TOKEN_KEY = 'muster.access-token';

/** Where the pool is that a browser looks at. */
export interface PoolPlace {
  /** Without a trailing slash; null in the desktop app, whose pages come from nowhere. */
  readonly url: string | null;
  /** Whether it was asked for: then others are asked too. */
  hasToken(): boolean;
}

export interface Connection {
  readonly api: AppApi;
  /** Gives an access token to the program; null where none can be asked for. */
  readonly useToken: ((token: string) => void) | null;
  readonly place: PoolPlace;
}

export function createApi(window: Window): Connection {
  if (window.muster !== undefined) {
    return { api: ipcApi(window.muster), useToken: null, place: { url: null, hasToken: () => false } };
  }
  const api = httpApi({
    baseUrl: new URL('api/v1/app/', window.document.baseURI).href,
    token: {
      get: () => window.sessionStorage.getItem(TOKEN_KEY),
      set: (token) => window.sessionStorage.setItem(TOKEN_KEY, token),
    },
    fetch: window.fetch.bind(window),
    random: Math.random,
  });
  const place: PoolPlace = {
    url: new URL('.', window.document.baseURI).href.replace(/\/$/, ''),
    hasToken: () => window.sessionStorage.getItem(TOKEN_KEY) !== null,
  };
  return { api, useToken: (token) => api.useToken(token), place };
}

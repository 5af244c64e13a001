// Chooses the transport to the program: the preload's bridge in the desktop app, HTTP in a browser.
import type { AppApi } from '../../shared/api/app-api';
import { isLoopbackUrlHost } from '../../shared/loopback';
import { codeIn, exchangeCode } from './exchange-code';
import { httpApi } from './http-api';
import { ipcApi } from './ipc-api';
import { tokenStore, type TokenScope, type TokenStore } from './token-store';

/** The address of the scheduler whose dashboard a browser shows. */
export interface PoolEndpoint {
  /** Without a trailing slash; null in the desktop app, whose pages come from no server. */
  readonly url: string | null;
  /** Whether clients need a key: this dashboard has one, and its address is not on this computer. */
  hasToken(): boolean;
  /** The token that this browser remembers. Absent in the desktop app. */
  readonly remembered?: Pick<TokenStore, 'isRemembered' | 'forget'>;
  /** Whether the one-time code of the address opened nothing. Absent: the address has no code. */
  readonly codeRefused?: Promise<boolean>;
}

export interface Connection {
  readonly api: AppApi;
  /** Sends an access token to the program; null in the desktop app, which needs none. */
  readonly setToken: ((token: string, scope: TokenScope) => void) | null;
  readonly endpoint: PoolEndpoint;
}

export function createApi(window: Window): Connection {
  if (window.muster !== undefined) {
    return { api: ipcApi(window.muster), setToken: null, endpoint: { url: null, hasToken: () => false } };
  }
  const token = tokenStore(window.sessionStorage, window.localStorage);
  const api = httpApi({
    baseUrl: new URL('api/v1/app/', window.document.baseURI).href,
    token,
    fetch: window.fetch.bind(window),
    random: Math.random,
  });
  const codeRefused = takeCode(window, (key) => api.setToken(key, 'tab'));
  const endpoint: PoolEndpoint = {
    url: new URL('.', window.document.baseURI).href.replace(/\/$/, ''),
    hasToken: () => token.get() !== null && !isLoopbackUrlHost(window.location.hostname),
    remembered: token,
    ...(codeRefused === null ? {} : { codeRefused }),
  };
  return { api, setToken: (key, scope) => api.setToken(key, scope), endpoint };
}

/**
 * A link with a one-time code signs this tab in. The code leaves the address at once, so that it is in no history or bookmark. Whether it was
 * refused; null: there is none.
 */
function takeCode(window: Window, setToken: (token: string) => void): Promise<boolean> | null {
  const code = codeIn(window.location.hash);
  if (code === null) return null;
  window.history.replaceState(null, '', window.location.pathname);
  const url = new URL('api/v1/session', window.document.baseURI);
  return exchangeCode(url, code, window.fetch.bind(window)).then((key) => {
    if (key !== null) setToken(key);
    return key === null;
  });
}

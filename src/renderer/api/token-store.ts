// Where a browser keeps the access token: for this tab, or on request for all tabs until the user forgets it. Each origin has its own.

const TOKEN_KEY = 'muster.access-token';

export interface TokenStore {
  /** The token of this tab counts first: a link with a code signs one tab in. */
  get(): string | null;
  /** `tab`: a remembered token stays. `browser`: for all tabs, and it replaces the one of this tab. */
  set(token: string, scope: TokenScope): void;
  isRemembered(): boolean;
  /** This tab keeps the token. */
  forget(): void;
}

export type TokenScope = 'tab' | 'browser';

export function tokenStore(tab: Storage, browser: Storage): TokenStore {
  const get = (): string | null => tab.getItem(TOKEN_KEY) ?? browser.getItem(TOKEN_KEY);
  return {
    get,
    set: (token, scope) => {
      if (scope === 'browser') tab.removeItem(TOKEN_KEY);
      (scope === 'browser' ? browser : tab).setItem(TOKEN_KEY, token);
    },
    isRemembered: () => browser.getItem(TOKEN_KEY) !== null,
    forget: () => {
      const token = get();
      browser.removeItem(TOKEN_KEY);
      if (token !== null) tab.setItem(TOKEN_KEY, token);
    },
  };
}

// Renders the whole screen over a fake program, with a manual clock.
import { act, render } from '@testing-library/react';
import type { PoolEndpoint } from '../../../../src/renderer/api/create-api';
import type { TokenScope } from '../../../../src/renderer/api/token-store';
import { App } from '../../../../src/renderer/App';
import type { ScreenClock } from '../../../../src/renderer/clock/Clock';
import type { Language } from '../../../../src/renderer/i18n/format';
import { createI18n } from '../../../../src/renderer/i18n/i18n';
import { createScreenStore, follow, type ScreenStore } from '../../../../src/renderer/store/app-store';
import type { OperationName, Outcome } from '../../../../src/shared/api/app-api';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { type FakeApi, fakeApi } from '../../../fixtures/app-states/fake-api';
import { NOW } from '../../../fixtures/app-states/moment';

export interface Shown {
  readonly api: FakeApi;
  readonly store: ScreenStore;
  /** Advances the clock and ticks. */
  advance(ms: number): void;
  /** The entered access tokens, and where each is kept. */
  readonly tokens: [token: string, scope: TokenScope][];
}

export interface ShowOptions {
  readonly language?: Language;
  readonly page?: string;
  /** Whether the program needed an access token. */
  readonly hasToken?: boolean;
  /** The address of the page. */
  readonly url?: string;
  /** What the browser remembers of the access token. */
  readonly remembered?: NonNullable<PoolEndpoint['remembered']>;
  /** Whether the one-time code of the address was refused. */
  readonly codeRefused?: Promise<boolean>;
  /** The answers of the program, set before the page is shown. */
  readonly answers?: Partial<Record<OperationName, Outcome<unknown>>>;
}

/** Shows a page of a state; null: no snapshot yet. */
export function show(
  state: AppSnapshot | null,
  { language = 'en', page = '', hasToken = false, url = 'http://pool.test:7080', remembered, codeRefused, answers = {} }: ShowOptions = {},
): Shown {
  let nowWallMs = NOW;
  const ticks = new Set<() => void>();
  const clock: ScreenClock = {
    now: () => nowWallMs,
    subscribe: (tick) => {
      ticks.add(tick);
      return () => ticks.delete(tick);
    },
  };
  window.location.hash = page === '' ? '' : `#/${page}`;
  window.localStorage.setItem('muster.preferences', JSON.stringify({ language, theme: 'light' }));
  const api = fakeApi(state);
  for (const [name, outcome] of Object.entries(answers)) api.answer(name as OperationName, outcome);
  const store = createScreenStore({ storage: window.localStorage, tab: window.sessionStorage, now: clock.now });
  const tokens: Shown['tokens'] = [];
  follow(store, api, clock.now);
  render(
    <App
      screen={{
        store,
        api,
        setToken: (...token) => void tokens.push(token),
        endpoint: {
          url,
          hasToken: () => hasToken,
          ...(remembered === undefined ? {} : { remembered }),
          ...(codeRefused === undefined ? {} : { codeRefused }),
        },
      }}
      clock={clock}
      i18n={createI18n(language)}
    />,
  );
  return {
    api,
    store,
    tokens,
    advance: (ms) =>
      act(() => {
        nowWallMs += ms;
        for (const tick of ticks) tick();
      }),
  };
}

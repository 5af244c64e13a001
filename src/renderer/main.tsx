// The renderer's entry: composition only. zod-config is imported first: it must run before any schema is built.
import './zod-config';
import '@mantine/core/styles.css';
import './theme/base.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App';
import { createApi } from './api/create-api';
import { takeInvitation } from './api/invitation';
import { screenClock } from './clock/Clock';
import { loadWhenIdle } from './components/late';
import { createI18n, resolveLanguage } from './i18n/i18n';
import { loadTexts } from './i18n/texts';
import { type PageName, parseRoute } from './routes';
import { ALL_PARTS, PAGE_PARTS } from './shell/late-parts';
import { createScreenStore, follow } from './store/app-store';

const invitation = takeInvitation(window);
const { api, setToken, endpoint } = createApi(window);
const store = createScreenStore({ storage: window.localStorage, tab: window.sessionStorage, now: Date.now });
const language = resolveLanguage(store.getState().preferences.language, navigator.languages);
// Before the first page, which may need more texts of this language.
const firstTexts = loadTexts(language);
// The page of an invitation shows nothing of the pool: the visitor has no key for the dashboard.
if (invitation === null) {
  follow(store, api, Date.now);
  // The page is loaded while the program sends the state. Without a page in the address, the state decides which of these is shown.
  const { page } = parseRoute(window.location.hash);
  const { setupEnded } = store.getState().preferences;
  const first: readonly PageName[] = page === null ? [...(setupEnded ? [] : ['setup' as const]), 'computer', 'pool'] : [page];
  // The other pages would delay the first one, which is shown with the first state.
  const hasState = new Promise<void>((resolve) => {
    const stop = store.subscribe(({ app }) => {
      if (app === null) return;
      stop();
      resolve();
    });
  });
  void Promise.allSettled([hasState, ...first.map((name) => PAGE_PARTS[name].load())]).then(() => loadWhenIdle(window, ALL_PARTS));
}

void render();

async function render(): Promise<void> {
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root');
  await firstTexts;
  createRoot(root).render(
    <StrictMode>
      <App screen={{ store, api, setToken, endpoint }} clock={screenClock()} i18n={createI18n(language)} invitation={invitation} />
    </StrictMode>,
  );
}

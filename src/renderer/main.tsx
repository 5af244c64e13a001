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
import { createI18n, resolveLanguage } from './i18n/i18n';
import { createScreenStore, follow } from './store/app-store';

const invitation = takeInvitation(window);
const { api, setToken, endpoint } = createApi(window);
const store = createScreenStore({ storage: window.localStorage, now: Date.now });
const i18n = createI18n(resolveLanguage(store.getState().preferences.language, navigator.languages));
// The page of an invitation shows nothing of the pool: the visitor has no key for the dashboard.
if (invitation === null) follow(store, api, Date.now);

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <App screen={{ store, api, setToken, endpoint }} clock={screenClock()} i18n={i18n} invitation={invitation} />
  </StrictMode>,
);

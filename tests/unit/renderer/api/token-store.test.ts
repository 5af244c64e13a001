import { afterEach, expect, test } from 'vitest';
import { tokenStore } from '../../../../src/renderer/api/token-store';

const { sessionStorage: tab, localStorage: browser } = window;
/** Another tab has a session storage of its own. */
const openTab = () => {
  tab.clear();
  return tokenStore(tab, browser);
};
afterEach(() => {
  tab.clear();
  browser.clear();
});

test('token of a tab -> not in another tab', () => {
  const store = openTab();
  store.set('mk_one', 'tab');
  expect([store.get(), store.isRemembered(), openTab().get()]).toEqual(['mk_one', false, null]);
});

test('remembered -> in another tab too; forgotten -> this tab keeps it, another has none', () => {
  openTab().set('mk_one', 'browser');
  const store = openTab();
  expect([store.get(), store.isRemembered()]).toEqual(['mk_one', true]);
  store.forget();
  expect([store.get(), store.isRemembered(), openTab().get()]).toEqual(['mk_one', false, null]);
});

test('link with a code beside a remembered token -> this tab has its own, other tabs the remembered one', () => {
  openTab().set('mk_one', 'browser');
  const store = openTab();
  store.set('ms_code', 'tab');
  expect([store.get(), openTab().get()]).toEqual(['ms_code', 'mk_one']);
});

test('remembered in a tab that has a refused token -> the remembered one counts', () => {
  const store = openTab();
  store.set('ms_ended', 'tab');
  store.set('mk_two', 'browser');
  expect(store.get()).toBe('mk_two');
});

import { render, screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { takeInvitation } from '../../../../src/renderer/api/invitation';
import { App } from '../../../../src/renderer/App';
import { createI18n } from '../../../../src/renderer/i18n/i18n';
import { createScreenStore } from '../../../../src/renderer/store/app-store';
import { fakeApi } from '../../../fixtures/app-states/fake-api';
import { NOW } from '../../../fixtures/app-states/moment';

const PIN = `sha256-${'A'.repeat(43)}`;

/** A window at this address, and the addresses that replaced it. */
function windowAt(address: string, muster?: unknown): { readonly window: Window; readonly replaced: string[] } {
  const { protocol, host, pathname, hash } = new URL(address);
  const replaced: string[] = [];
  const history = { replaceState: (_state: unknown, _title: string, url: string) => void replaced.push(url) };
  return { window: { location: { protocol, host, pathname, hash }, history, muster } as unknown as Window, replaced };
}

describe('address', () => {
  test.each([
    [`https://192.168.1.20:7080/join#pin=${PIN}&key=mi_1`, `muster://192.168.1.20:7080/join#pin=${PIN}&key=mi_1`],
    ['https://pool.example/join#key=mi_1', 'https://pool.example:443/join#key=mi_1'],
    ['http://127.0.0.1:7080/join#key=mi_1', 'muster://127.0.0.1:7080/join#key=mi_1'],
    ['https://192.168.1.20:7080/join#pin=broken&key=mi_1', null],
    [`https://192.168.1.20:7080/join#pin=${PIN}`, null],
    ['https://192.168.1.20:7080/join', null],
  ])('%s -> link %s; the key leaves the address', (address, link) => {
    const { window, replaced } = windowAt(address);
    expect(takeInvitation(window)).toEqual({ link });
    expect(replaced).toEqual(address.includes('#') ? ['/join'] : []);
  });

  test.each(['https://192.168.1.20:7080/', 'https://192.168.1.20:7080/#/pool', 'https://192.168.1.20:7080/join-us#key=mi_1'])(
    '%s -> another page, unchanged',
    (address) => {
      const { window, replaced } = windowAt(address);
      expect(takeInvitation(window)).toBeNull();
      expect(replaced).toEqual([]);
    },
  );

  test('desktop app -> no page of an invitation', () => {
    expect(takeInvitation(windowAt('https://muster/join#key=mi_1', {}).window)).toBeNull();
  });
});

function showInvitation(link: string | null, language: 'en' | 'zh-CN' = 'en') {
  window.localStorage.setItem('muster.preferences', JSON.stringify({ language, theme: 'light' }));
  const api = fakeApi(null);
  const store = createScreenStore({ storage: window.localStorage, now: () => NOW });
  const screenOf = { store, api, setToken: null, endpoint: { url: null, hasToken: () => false } };
  render(
    <App
      screen={screenOf}
      clock={{ now: () => NOW, subscribe: () => () => undefined }}
      i18n={createI18n(language)}
      invitation={{ link }}
    />,
  );
  return api;
}

describe('page', () => {
  const link = `muster://192.168.1.20:7080/join#pin=${PIN}&key=mi_1`;

  test('link -> opens Muster, the command, for one computer; nothing is sent', () => {
    const api = showInvitation(link);
    expect(screen.getByRole('heading', { level: 1, name: 'Join a pool' })).toBeTruthy();
    expect(screen.getByRole('link', { name: 'Open in Muster' }).getAttribute('href')).toBe(link);
    expect(document.querySelector('code')?.textContent).toBe(`muster join "${link}"`);
    expect(screen.getByText(/contains a key/)).toBeTruthy();
    expect(screen.getByText(/^If nothing opens, Muster is not installed or not running on this computer\. Install Muster/)).toBeTruthy();
    expect(document.title).toBe('Join a pool · Muster');
    expect(api.calls).toEqual([]);
  });

  test('pool with a certificate of its owner -> command alone', () => {
    showInvitation('https://pool.example/join#key=mi_1');
    expect(screen.queryByRole('link')).toBeNull();
    expect(document.querySelector('code')?.textContent).toBe('muster join "https://pool.example/join#key=mi_1"');
  });

  test('no key -> next step, in Chinese', () => {
    showInvitation(null, 'zh-CN');
    expect(screen.getByText(/请重新打开邀请链接/)).toBeTruthy();
    expect(screen.queryByRole('button')).toBeNull();
  });
});

// Electron's security checklist, applied to the running app: the tests try every act that a page of the window must not do.
// docs/security.md names these tests point by point.
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from '../../src/main/desktop/served-files';
import { type DesktopApp, DesktopLab } from '../support/desktop-app';
import { requireDesktop } from '../support/requirements';

const { missing } = requireDesktop();

describe.skipIf(missing)('window', () => {
  let lab: DesktopLab;
  let app: DesktopApp;
  const requests: string[] = [];
  const foreignServer = createServer((request, response) => {
    requests.push(request.url ?? '');
    response.end('<script>parent.postMessage("hello", "*")</script>');
  });
  let foreignUrl = '';

  beforeAll(async () => {
    foreignServer.listen(0, '127.0.0.1');
    await once(foreignServer, 'listening');
    foreignUrl = `http://127.0.0.1:${String((foreignServer.address() as AddressInfo).port)}/`;
    lab = new DesktopLab();
    writeFileSync(path.join(lab.dataDir, 'app.json'), '{"mode":"none"}');
    app = await lab.launch({ args: ['--simulate-gpu', 'RTX 4090:24'] });
  });
  afterAll(async () => {
    await app.quit();
    await lab.close();
    foreignServer.close();
  });

  const stays = async (): Promise<void> => {
    const url = await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getURL());
    expect(url).toMatch(/^app:\/\/muster\/app\.html/);
    expect(await app.electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
    expect(requests).toEqual([]);
  };

  test('content: from app:// only, not from file://', async () => {
    const urls = await app.page.evaluate(() => [
      location.href,
      ...[...document.querySelectorAll('script')].map(({ src }) => src),
      ...[...document.querySelectorAll('link')].map(({ href }) => href),
      ...[...document.images].map(({ src }) => src),
    ]);
    expect(urls.length).toBeGreaterThan(2);
    expect(urls.filter((url) => !url.startsWith('app://muster/'))).toEqual([]);
    await stays();
  });

  test('page: no require, process, module or Buffer of Node', async () => {
    expect(
      await app.page.evaluate(() => ['require', 'process', 'module', 'Buffer', 'global', 'electron'].filter((name) => name in globalThis)),
    ).toEqual([]);
  });

  test('web preferences that Electron reports: sandbox, context isolation and web security are on', async () => {
    const preferences = await app.electron.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows();
      return (window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }).getLastWebPreferences();
    });
    expect(preferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    });
    expect(preferences).not.toMatchObject({ allowRunningInsecureContent: true });
    expect(preferences).not.toMatchObject({ experimentalFeatures: true });
    expect(preferences['enableBlinkFeatures'] ?? '').toBe('');
    expect(preferences['nodeIntegrationInWorker'] ?? false).toBe(false);
    expect(preferences['nodeIntegrationInSubFrames'] ?? false).toBe(false);
  });

  test('bridge: AppApi and nothing else, read-only for the page', async () => {
    const bridge = await app.page.evaluate(() => {
      const api = (globalThis as unknown as { muster: Record<string, unknown> }).muster;
      try {
        api['call'] = () => 'mine';
      } catch {
        // Expected: the bridge is frozen.
      }
      return { keys: Object.keys(api).sort(), own: String(api['call']).includes('mine') };
    });
    expect(bridge).toEqual({ keys: ['ask', 'call', 'subscribe'], own: false });
  });

  test('Content-Security-Policy: inline script, eval, foreign script, image and request -> blocked; attached picture -> shown', async () => {
    const csp = await app.page.evaluate(async () => (await fetch('app://muster/index.html')).headers.get('content-security-policy'));
    expect(csp).toBe(CONTENT_SECURITY_POLICY);
    const ran = await app.page.evaluate(async (url) => {
      const scope = globalThis as unknown as Record<string, unknown>;
      const add = (element: HTMLElement): Promise<string> =>
        new Promise((resolve) => {
          element.onload = () => resolve('loaded');
          element.onerror = () => resolve('blocked');
          document.body.append(element);
        });
      const inline = document.createElement('script');
      inline.textContent = 'globalThis.inlineRan = true';
      document.body.append(inline);
      const outcomes = {
        script: await add(Object.assign(document.createElement('script'), { src: `${url}x.js` })),
        image: await add(Object.assign(document.createElement('img'), { src: `${url}x.png` })),
        // A picture that the user attaches to a message.
        picture: await add(
          Object.assign(document.createElement('img'), {
            src: 'data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==',
          }),
        ),
        fetch: await fetch(url).then(
          () => 'loaded',
          () => 'blocked',
        ),
        file: await fetch('file:///etc/passwd').then(
          () => 'loaded',
          () => 'blocked',
        ),
      };
      return { inline: scope['inlineRan'] ?? false, ...outcomes };
    }, foreignUrl);
    expect(ran).toEqual({ inline: false, script: 'blocked', image: 'blocked', picture: 'loaded', fetch: 'blocked', file: 'blocked' });
    // The policy does not apply to code that Playwright evaluates. It applies to a handler that the page sets.
    const evaluated = await app.page.evaluate(
      () =>
        new Promise((resolve) => {
          document.addEventListener('securitypolicyviolation', ({ blockedURI }) => resolve(blockedURI), { once: true });
          // oxlint-disable-next-line typescript/no-implied-eval -- The policy has to stop it.
          setTimeout('globalThis.evalRan = true', 0);
        }),
    );
    expect(evaluated).toBe('eval');
    await stays();
  });

  test('foreign frame, webview -> not embedded', async () => {
    const found = await app.page.evaluate(async (url) => {
      const frame = Object.assign(document.createElement('iframe'), { src: url });
      const blocked = new Promise((resolve) =>
        document.addEventListener('securitypolicyviolation', () => resolve('blocked'), { once: true }),
      );
      document.body.append(frame);
      const webview = document.createElement('webview');
      webview.setAttribute('src', url);
      document.body.append(webview);
      return { frame: await blocked, webview: 'getWebContentsId' in webview };
    }, foreignUrl);
    expect(found).toEqual({ frame: 'blocked', webview: false });
    await stays();
  });

  test('navigation by script, link or form to another origin or a file -> prevented', async () => {
    await app.electron.evaluate(({ BrowserWindow }) => {
      const prevented: string[] = [];
      (globalThis as unknown as { prevented: string[] }).prevented = prevented;
      BrowserWindow.getAllWindows()[0]?.webContents.on('will-frame-navigate', (event) => {
        if (event.defaultPrevented) prevented.push(event.url);
      });
    });
    const navigate = (means: 'script' | 'link' | 'form', url: string) =>
      app.page.evaluate(
        ([kind, target = '']) => {
          if (kind === 'script') location.href = target;
          if (kind === 'link') document.body.appendChild(Object.assign(document.createElement('a'), { href: target })).click();
          if (kind === 'form')
            document.body.appendChild(Object.assign(document.createElement('form'), { action: target, method: 'post' })).submit();
        },
        [means, url],
      );
    const prevented = () => app.electron.evaluate(() => (globalThis as unknown as { prevented: string[] }).prevented);
    // Chromium refuses these two without an event. It handles them before the navigations below.
    await navigate('script', 'file:///etc/passwd');
    await navigate('form', `${foreignUrl}form`);
    for (const [means, url] of [
      ['script', `${foreignUrl}script`],
      ['link', `${foreignUrl}link`],
      ['script', 'app://other/'],
    ] as const) {
      await navigate(means, url);
      await expect.poll(prevented).toContain(url);
    }
    await stays();
  });

  test('window.open -> no second window; only listed https pages open in the browser', async () => {
    await app.electron.evaluate(({ shell }) => {
      const opened: string[] = [];
      (globalThis as unknown as { opened: string[] }).opened = opened;
      shell.openExternal = (url: string) => {
        opened.push(url);
        return Promise.resolve();
      };
    });
    const windows = await app.page.evaluate(
      (urls) => urls.map((url) => window.open(url) === null),
      [foreignUrl, 'file:///etc/passwd', 'smb://host/share', 'javascript:alert(1)', 'https://evil.org/', 'https://www.nvidia.com/drivers'],
    );
    expect(windows.every(Boolean)).toBe(true);
    expect(await app.electron.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)).toEqual([
      'https://www.nvidia.com/drivers',
    ]);
    await stays();
  });

  test('permissions: all denied except writing to the clipboard and the microphone', async () => {
    const states = await app.page.evaluate(async () => {
      const ask = async (name: string): Promise<string> => (await navigator.permissions.query({ name: name as PermissionName })).state;
      return Promise.all(['geolocation', 'camera', 'microphone', 'clipboard-read', 'clipboard-write'].map(ask));
    });
    expect(states).toEqual(['denied', 'denied', 'granted', 'denied', 'granted']);
  });

  test('download -> prevented', async () => {
    const items = await app.electron.evaluate(({ session }) => {
      const states: string[] = [];
      (globalThis as unknown as { downloads: string[] }).downloads = states;
      session.defaultSession.on('will-download', (event) => states.push(event.defaultPrevented ? 'prevented' : 'allowed'));
      return states;
    });
    expect(items).toEqual([]);
    await app.page.evaluate(() =>
      Object.assign(document.createElement('a'), { href: 'app://muster/index.html', download: 'x.html' }).click(),
    );
    await expect
      .poll(() => app.electron.evaluate(() => (globalThis as unknown as { downloads: string[] }).downloads))
      .toEqual(['prevented']);
  });

  test('call of an own page over IPC -> answered', async () => {
    const outcome = await app.page.evaluate(() =>
      (globalThis as unknown as { muster: { call(name: string, params: unknown): Promise<unknown> } }).muster.call('join.test', {
        address: 'a b',
      }),
    );
    expect(outcome).toMatchObject({ ok: true, value: { steps: { 0: { step: 'address', outcome: 'failed', code: 'host_invalid' } } } });
  });
});

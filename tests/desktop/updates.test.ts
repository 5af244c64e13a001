// The update in a real Electron with electron-updater, from a local server. The app runs as an AppImage does: with the variables of its
// runtime, and a script in place of the file.
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { temporaryKey } from '../../scripts/release/signing.mjs';
import type { AppApi, OperationName } from '../../src/shared/api/app-api';
import type { UpdatePhase } from '../../src/shared/api/update';
import { type DesktopApp, DesktopLab } from '../support/desktop-app';
import { endless, ReleaseServer, releaseOf, silent, truncated } from '../support/release-server';
import { requireDesktop } from '../support/requirements';
import { until } from '../support/until';
import { within } from '../support/within';

const { missing, path: electron = '' } = requireDesktop();
const OLD = '#!/bin/sh\nexit 1\n';
let lab: DesktopLab;
let server: ReleaseServer;
beforeEach(async () => {
  lab = new DesktopLab();
  server = new ReleaseServer();
  await server.listen();
});
afterEach(async () => {
  await lab.close();
  await server.close();
});

const call = (app: DesktopApp, name: Extract<OperationName, `update.${string}`>) =>
  app.page.evaluate((operation) => (globalThis as unknown as { muster: AppApi }).muster.call(operation, {}), name);

const phaseOf = async (app: DesktopApp): Promise<UpdatePhase | undefined> => (await app.state()).update?.phase;

/** Checks, downloads what was found, and waits for the end of both. */
async function checkAndDownload(app: DesktopApp): Promise<UpdatePhase | undefined> {
  expect(await call(app, 'update.check')).toMatchObject({ ok: true });
  expect(await phaseOf(app)).toMatchObject({ state: 'available' });
  expect(await call(app, 'update.download')).toMatchObject({ ok: true });
  await until('the end of the download', async () => (await phaseOf(app))?.state !== 'downloading', 20_000);
  return phaseOf(app);
}

test.skipIf(missing)(
  'forged, older, damaged and endless updates change nothing; a good one replaces the AppImage and starts it',
  async () => {
    const appImage = path.join(lab.folder, 'Muster.AppImage');
    const [started, cache] = [path.join(lab.folder, 'started'), path.join(lab.folder, 'cache')];
    writeFileSync(appImage, OLD, { mode: 0o755 });
    mkdirSync(cache);
    const app = await lab.launch({
      args: ['--simulate-gpu', 'RTX 4090:24'],
      env: {
        APPIMAGE: appImage,
        APPDIR: path.dirname(realpathSync(electron)),
        XDG_CACHE_HOME: cache,
        MUSTER_UPDATE_FEED: server.url,
        MUSTER_UPDATE_KEY: server.publicKey,
      },
    });
    const release = releaseOf('9.0.0', '.AppImage', `#!/bin/sh\necho "$@" > '${started}.part'\nmv '${started}.part' '${started}'\n`);

    server.publish(release, temporaryKey());
    await call(app, 'update.check');
    expect(await phaseOf(app)).toMatchObject({ state: 'failed', step: 'check', fault: 'unsigned', version: null });
    expect(await call(app, 'update.download')).toMatchObject({ ok: false, error: { code: 'INVALID_STATE' } });

    server.publish(releaseOf('0.0.9', '.AppImage'));
    await call(app, 'update.check');
    expect(await phaseOf(app)).toEqual({ state: 'idle' });
    expect(server.requests.every((name) => name.startsWith('latest-linux.yml'))).toBe(true);

    server.publish(release);
    server.set(release.name, truncated(release.content));
    expect(await checkAndDownload(app)).toMatchObject({ state: 'failed', step: 'download', fault: 'unreachable' });
    server.set(release.name, endless);
    expect(await checkAndDownload(app)).toMatchObject({ state: 'failed', step: 'download', fault: 'unreachable' });
    server.set(release.name, Buffer.from(release.content.toString().replace('echo', 'eval')));
    expect(await checkAndDownload(app)).toMatchObject({ state: 'failed', step: 'download', fault: 'corrupt' });
    expect([readFileSync(appImage, 'utf8'), existsSync(started)]).toEqual([OLD, false]);

    server.set(release.name, silent(release.content));
    await call(app, 'update.check');
    expect(await call(app, 'update.download')).toMatchObject({ ok: true });
    await until('the download to begin', () => server.requests.filter((name) => name === release.name).length === 4, 20_000);
    expect(await call(app, 'update.cancel')).toMatchObject({ ok: true });
    expect(await phaseOf(app)).toEqual({ state: 'available', version: '9.0.0', size_bytes: release.content.length });

    server.set(release.name, release.content);
    expect(await checkAndDownload(app)).toEqual({ state: 'ready', version: '9.0.0' });
    const exited = once(app.electron.process(), 'exit');
    // Without a connection there is nothing to end in order.
    await until('the node to be connected', async () => (await app.state()).agent?.link.state === 'connected', 20_000);
    // The window closes during the call.
    void call(app, 'update.install').catch(() => undefined);
    expect((await within('the end of the app', exited, 40_000))[0]).toBe(0);
    await until('the new version to start', () => existsSync(started), 10_000);
    expect(readFileSync(appImage, 'utf8')).toBe(release.content.toString());
    expect(readFileSync(started, 'utf8')).toContain(`--data-dir ${lab.dataDir}`);
    expect(lab.log()).toContain('"to":"stopping"');
    expect(readdirSync(lab.folder).filter((name) => name.endsWith('.new'))).toEqual([]);

    // The version is the one of before, as after an installer that failed.
    const again = await lab.launch();
    expect((await again.state()).update).toEqual({
      obstacle: 'unpacked',
      phase: { state: 'failed', step: 'install', fault: 'not_installed', version: '9.0.0', reason: null },
      checked_at: null,
    });
    expect(await again.quit()).toBe(0);
  },
);

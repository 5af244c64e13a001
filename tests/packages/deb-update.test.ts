// An installed deb that updates itself, in a copy of this system: an ordinary user, a local server, and the real dpkg. The dialog for the
// password is a stand-in: it asks the test, which runs the command as root or refuses.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testPackagesDir } from '../../scripts/packages/package.mjs';
import type { InstallSettings } from '../../src/main/updates/install-update';
import type { AppApi, OperationName } from '../../src/shared/api/app-api';
import type { AppSnapshot } from '../../src/shared/api/app-state';
import { buildInstallUpdateProgram } from '../support/install-update-program';
import { DesktopSession } from '../support/packages/desktop-session';
import { APP, InstalledApp } from '../support/packages/installed-app';
import { debOf, OLD_VERSION, requireInstallation, VERSION } from '../support/packages/package-files';
import { type Person, SystemCopy } from '../support/packages/system-copy';
import { ReleaseServer, releaseOf } from '../support/release-server';
import { skipNote } from '../support/requirements';
import { reservePort, type ReservedPort } from '../support/reserved-port';
import { until } from '../support/until';
import { within } from '../support/within';

const { missing } = requireInstallation();

const [REQUEST, ANSWER, OUTPUT] = ['/tmp/password.request', '/tmp/password.answer', '/tmp/password.output'];
const PKEXEC = `#!/bin/bash
shift
printf '%s\\0' "$@" > ${REQUEST}.part
mv ${REQUEST}.part ${REQUEST}
until [ -e ${ANSWER} ]; do sleep 0.1; done
cat ${OUTPUT} >&2
exit "$(cat ${ANSWER})"
`;

/** A packaged app reads these two variables only after this change. Linux does not check the archive (docs/security.md). */
const WITH_VARIABLES = `
const fs = require('node:fs');
const file = '/opt/Muster/resources/app.asar';
let text = fs.readFileSync(file, 'latin1');
for (const name of ['MUSTER_UPDATE_FEED', 'MUSTER_UPDATE_KEY']) {
  const before = 'unpackedEnv("' + name + '")';
  if (!text.includes(before)) throw new Error(before);
  text = text.replace(before, ('process.env.' + name).padEnd(before.length));
}
fs.writeFileSync(file, text, 'latin1');
`;

/** The command line of the old package has no key, and the version of the build. `install-update` gets those of the test. */
const CLI = '/opt/Muster/cli/muster';
const withSettings = (script: string, settings: InstallSettings): string => `#!/bin/sh
[ "$1" = install-update ] || exec ${CLI}-of-the-package "$@"
exec '${process.execPath}' '${script}' '${JSON.stringify(settings)}' "$@"
`;

describe.skipIf(missing)(`update of the deb${skipNote({ missing })}`, () => {
  const server = new ReleaseServer();
  let system: SystemCopy;
  let ada: Person;
  let session: DesktopSession;
  let app: InstalledApp;
  let ports: readonly ReservedPort[];
  let page: Page;
  let folder: string;

  beforeAll(async () => {
    await server.listen();
    ports = await Promise.all([reservePort(), reservePort()]);
    // The copy has the files of this system, except those in /tmp.
    folder = mkdtempSync(path.join(testPackagesDir, 'install-update-'));
    const script = await buildInstallUpdateProgram(folder);
    system = await SystemCopy.open();
    system.run('groupadd', '--system', '--force', 'render');
    ada = system.person('ada');
    session = await DesktopSession.open(system, ada);
    app = new InstalledApp(system, session);
    system.run('dpkg', '-i', debOf(OLD_VERSION));
    system.run(process.execPath, '-e', WITH_VARIABLES);
    writeProgram('/usr/bin/pkexec', PKEXEC);
    const own = { isRoot: true, version: OLD_VERSION, arch: process.arch, cacheDir: '/var/cache', dpkg: '/usr/bin/dpkg' };
    system.run('mv', CLI, `${CLI}-of-the-package`);
    writeProgram(CLI, withSettings(script, { ...own, publicKey: server.publicKey }));
    const config = `[server]\nport = ${String(ports[0]?.port)}\nannounce = false\n[agent]\nsimulate_gpu = "RTX 4090:24"\n`;
    system.write(ada, `${ada.home}/.config/muster/config.toml`, config);
  });
  afterAll(async () => {
    await system.close();
    await server.close();
    for (const port of ports) port.release();
    rmSync(folder, { recursive: true, force: true });
  });

  const writeProgram = (file: string, content: string): void => {
    system.run('sh', '-c', 'rm -f "$2" && printf %s "$1" > "$2" && chmod 755 "$2"', 'sh', content, file);
  };

  const publish = (deb: Buffer): void => {
    server.publish(releaseOf(VERSION, '.deb', deb));
  };
  const debugPort = (): number => ports[1]?.port ?? 0;
  const version = (): string => system.run('dpkg-query', '-W', '-f', '${Version}', 'muster');
  const call = (name: Extract<OperationName, `update.${string}`>) =>
    page.evaluate((operation) => (globalThis as unknown as { muster: AppApi }).muster.call(operation, {}), name);
  const state = () =>
    within(
      'a snapshot from the bridge',
      page.evaluate(
        () =>
          new Promise<AppSnapshot>((resolve) => {
            const stop = (globalThis as unknown as { muster: AppApi }).muster.subscribe({
              onEvents: ([event]) => {
                if (event?.type === 'snapshot') resolve(event.state);
                setTimeout(() => stop(), 0);
              },
              onConnection: () => undefined,
            });
          }),
      ),
    );
  const update = async () => (await state()).update;
  const nodeId = () => until('the node of this computer', async () => (await state()).agent?.node_id, 40_000);

  /** Checks, downloads, and asks for the restart. The password dialog is then open. */
  async function updateUpToThePassword(): Promise<void> {
    await call('update.check');
    expect((await update())?.phase).toMatchObject({ state: 'available', version: VERSION });
    await call('update.download');
    await until('the download', async () => (await update())?.phase.state === 'ready', 60_000);
    // The window closes during the call.
    void call('update.install').catch(() => undefined);
    await until('the dialog for the password', () => system.exists(REQUEST), 40_000);
  }

  /** The page of the app that starts. The start of `openPage` must be the second one, which ends at once. */
  async function openWindow(): Promise<Page> {
    const address = `http://127.0.0.1:${String(debugPort())}/json/version`;
    await until('the window of the app', () => fetch(address).then(Boolean, () => false), 40_000);
    return app.openPage(debugPort());
  }

  /** What pkexec does after the password. Returns the output with the exit code. */
  const runAsRoot = (): string =>
    system.run('xargs', '-0', '-a', REQUEST, 'sh', '-c', `"$@" >${OUTPUT} 2>&1; echo "code $?" | cat ${OUTPUT} -`, 'sh');

  function answerPassword(code: number): void {
    system.run('rm', REQUEST);
    system.run('sh', '-c', `echo ${String(code)} > ${ANSWER}.part && mv ${ANSWER}.part ${ANSWER}`);
  }

  test('the password is refused -> the version of before starts again, and says that nothing was installed', async () => {
    publish(readFileSync(debOf(VERSION)));
    // Starts with the variables; the page is of this first start, since a second one ends at once.
    session.start(
      'env',
      `MUSTER_UPDATE_FEED=${server.url}`,
      `MUSTER_UPDATE_KEY=${server.publicKey}`,
      APP,
      `--remote-debugging-port=${String(debugPort())}`,
    );
    page = await openWindow();
    expect(await update()).toEqual({ obstacle: null, phase: { state: 'idle' }, checked_at: null });
    await updateUpToThePassword();
    const [first] = app.processes().keys();
    answerPassword(126);
    await until('the end of the first start', () => first !== undefined && !app.processes().has(first), 40_000);
    page = await openWindow();
    expect((await update())?.phase).toEqual({ state: 'failed', step: 'install', fault: 'not_installed', version: VERSION });
    expect([version(), system.run('dpkg', '-V', 'muster').includes('app.asar')]).toEqual([OLD_VERSION, true]);
    // Nothing else asks to run as root.
    expect(system.exists(REQUEST)).toBe(false);
    expect(app.log()).toContain('the password was not given');
  });

  test('another program of the user swaps the package while the dialog is open -> refused, and the version of before starts', async () => {
    publish(readFileSync(debOf(VERSION)));
    system.run('rm', '-f', ANSWER);
    await updateUpToThePassword();
    const [first] = app.processes().keys();
    const request = system.read(REQUEST).split('\0');
    expect(request.slice(0, 2)).toEqual([CLI, 'install-update']);
    // As long as the signed package.
    const swap = 'printf X | dd of="$1" bs=1 seek=1000000 conv=notrunc';
    expect(system.try(['sh', '-c', swap, 'sh', request[4] ?? ''], ada).code).toBe(0);
    expect(runAsRoot()).toBe('muster install-update: The package is not the signed one.\ncode 87\n');
    answerPassword(87);
    await until('the end of the old version', () => first !== undefined && !app.processes().has(first), 40_000);
    page = await openWindow();
    expect((await update())?.phase).toEqual({ state: 'failed', step: 'install', fault: 'not_installed', version: VERSION });
    expect(version()).toBe(OLD_VERSION);
    expect(app.log()).toContain('The package is not the signed one.');
  });

  test('dpkg fails while it unpacks -> the files of before are back, and the version of before starts', async () => {
    const good = readFileSync(debOf(VERSION));
    // The signed package itself ends too early: dpkg has unpacked a part of the files then.
    publish(good.subarray(0, Math.floor(good.length * 0.6)));
    const files = system.run('dpkg', '-V', 'muster');
    system.run('rm', '-f', ANSWER);
    await updateUpToThePassword();
    const [first] = app.processes().keys();
    const dpkg = runAsRoot();
    expect(dpkg).toContain('Unpacking muster');
    expect(dpkg).toMatch(/dpkg: error processing archive/);
    expect(dpkg).toContain('code 1\n');
    answerPassword(1);
    await until('the end of the old version', () => first !== undefined && !app.processes().has(first), 40_000);
    page = await openWindow();
    expect((await update())?.phase).toEqual({ state: 'failed', step: 'install', fault: 'not_installed', version: VERSION });
    expect([version(), system.run('dpkg', '-V', 'muster')]).toEqual([OLD_VERSION, files]);
    publish(good);
  });

  test('the password is given -> dpkg installs the new version, which starts by itself with the data of before', async () => {
    const node = await nodeId();
    system.run('rm', '-f', ANSWER);
    await updateUpToThePassword();
    const [first] = app.processes().keys();
    const installed = runAsRoot();
    expect(installed).toContain(`Setting up muster (${VERSION})`);
    expect([installed.endsWith('code 0\n'), system.run('ls', '/var/cache').includes('muster-update')]).toEqual([true, false]);
    answerPassword(0);
    await until('the end of the old version', () => first !== undefined && !app.processes().has(first), 40_000);
    page = await openWindow();
    expect([version(), system.run('dpkg', '-V', 'muster')]).toEqual([VERSION, '']);
    // This build has no feed, and its archive is as it was built.
    expect(await update()).toEqual({ obstacle: 'no_feed', phase: { state: 'idle' }, checked_at: null });
    expect(app.log()).toContain('"event":"update_installed"');
    expect(await nodeId()).toBe(node);
    await app.quit();
  });
});

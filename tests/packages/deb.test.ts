// The deb in a copy of this system: installed, started from its menu entry, used, upgraded, removed and purged. The pictures are in
// artifacts/gallery/diaries/installation.
import { chromium, type Browser, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIARIES } from '../../gallery/diaries';
import { DesktopSession } from '../support/packages/desktop-session';
import { InstallationStrip } from '../support/packages/installation-strip';
import { debOf, OLD_VERSION, requireInstallation, VERSION } from '../support/packages/package-files';
import { type Person, SystemCopy } from '../support/packages/system-copy';
import { requireProgram, skipNote } from '../support/requirements';

const { missing } = requireInstallation();

describe.skipIf(missing)(`deb${skipNote({ missing })}`, () => {
  let system: SystemCopy;
  let ada: Person;
  let session: DesktopSession;
  let before: readonly string[];
  const strip = new InstallationStrip(DIARIES.installation);
  beforeAll(async () => {
    system = await SystemCopy.open();
    ada = system.person('ada');
    session = await DesktopSession.open(system, ada);
    before = system.changes();
  });
  afterAll(async () => {
    strip.end();
    await system.close();
  });
  const picture = (title: string) => strip.step(title, session.picture());

  test('install', async () => {
    console.log(before);
    await session.inTerminal(`dpkg -i ${debOf(OLD_VERSION)}`, async () => picture('Install'));
    console.log(system.try(['muster', '--version'], ada), system.run('dpkg', '-V', 'muster'));
    await session.startFromMenu('Muster', async (title) => picture(title));
    await session.waitForWindow('Muster');
    await new Promise((r) => setTimeout(r, 8000));
    picture('First start');
    console.log(session.windows());
    console.log(system.try(['sh', '-c', 'ps aux | grep -i muster | cut -c1-250; ls -laR ~/.local/state/muster ~/.config/muster; cat ~/.local/state/muster/logs/*'], ada));
  });
});

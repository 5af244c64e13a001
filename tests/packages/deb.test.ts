// The deb in a copy of this system: installed, started from its menu entry, used, upgraded, removed and purged. The steps follow each other.
// The pictures are in artifacts/gallery/diaries/installation.
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIARIES } from '../../gallery/diaries';
import { commandManifest } from '../support/job-bench';
import { DesktopSession } from '../support/packages/desktop-session';
import { InstallationStrip } from '../support/packages/installation-strip';
import { InstalledApp } from '../support/packages/installed-app';
import { debOf, OLD_VERSION, requireInstallation, VERSION } from '../support/packages/package-files';
import { inCopy, type Person, SystemCopy } from '../support/packages/system-copy';
import { skipNote } from '../support/requirements';
import { reservePort, type ReservedPort } from '../support/reserved-port';
import { until } from '../support/until';

const { missing } = requireInstallation();

/** What dpkg and its triggers keep for themselves: states, logs and caches of the system. */
const OF_THE_SYSTEM = [
  /^\/var\/lib\/dpkg\/(?:status|status-old|lock|lock-frontend|triggers\/\w+)$/,
  /^\/var\/log\/(?:dpkg|alternatives)\.log$/,
  /^\/var\/cache\//,
  /^\/usr\/share\/icons\/hicolor\/icon-theme\.cache$/,
  /^\/usr\/share\/applications\/mimeinfo\.cache$/,
];
const MENU_ENTRY = '/usr/share/applications/app.muster.desktop.desktop';
/** The command of an action of the menu entry. */
const actionOf = (entry: string, name: string): string =>
  new RegExp(`^\\[Desktop Action ${name}\\]$[^]*?^Exec=(.*)$`, 'm').exec(entry)?.[1] ?? '';

const config = (port: number): string => `[server]
port = ${String(port)}
announce = false
[agent]
simulate_gpu = "RTX 4090:24"
[scheduler.load_balancer]
resource_threshold = 100
`;

describe.skipIf(missing)(`deb${skipNote({ missing })}`, () => {
  const strip = new InstallationStrip(DIARIES.installation);
  let system: SystemCopy;
  let ada: Person;
  let ben: Person;
  let session: DesktopSession;
  let app: InstalledApp;
  let ports: readonly ReservedPort[];
  let page: Page;
  let before: ReadonlySet<string>;

  beforeAll(async () => {
    ports = await Promise.all([reservePort(), reservePort(), reservePort(), reservePort()]);
    system = await SystemCopy.open();
    // Systems with devices have this group, which the package wants.
    system.run('groupadd', '--system', '--force', 'render');
    [ada, ben] = [system.person('ada'), system.person('ben')];
    session = await DesktopSession.open(system, ada);
    app = new InstalledApp(system, session);
    before = new Set(system.changes());
  });
  afterAll(async () => {
    strip.end();
    await system.close();
    for (const port of ports) port.release();
  });
  const portOf = (index: number): number => ports[index]?.port ?? 0;
  const picture = (title: string): void => strip.step(title, session.picture());
  const muster = (person: Person, ...args: string[]) => system.try(['muster', ...args], person);

  test('dpkg -i -> installed without complaints, command line in PATH, users of the services', async () => {
    strip.note(`dpkg -i muster_${OLD_VERSION}_amd64.deb, as root`);
    const output = await session.inTerminal(`dpkg -i ${inCopy(debOf(OLD_VERSION))}`, () => picture('Install'));
    expect(output).not.toMatch(/warning|error|postinst/i);
    expect(system.run('dpkg', '-V', 'muster')).toBe('');
    expect(muster(ada, '--version')).toMatchObject({ code: 0, stderr: '' });
    expect(system.try(['muster', 'doctor', '--help']).code).toBe(0);
    expect(system.run('getent', 'passwd', 'muster')).toContain(':/var/lib/muster:');
    expect(system.run('stat', '-c', '%a %U', '/opt/Muster/muster-desktop', '/opt/Muster/chrome-sandbox')).toBe('755 root\n755 root\n');
    expect(session.run('xdg-mime', 'query', 'default', 'x-scheme-handler/muster').stdout).toBe('app.muster.desktop.desktop\n');
    expect(system.try(['man', '-w', 'muster'], ada).stdout).toBe('/usr/share/man/man1/muster.1.gz\n');
  });

  test('menu entry -> window of an ordinary user, in the sandbox; SIGTERM -> ends in order', async () => {
    system.write(ada, `${ada.home}/.config/muster/config.toml`, config(portOf(0)));
    system.write(ada, `${ada.home}/.local/share/muster/models/echo/muster-model.json`, commandManifest('echo', { argv: ['cat'] }));
    await session.startFromMenu('Muster', (title) => {
      strip.note('opens the menu of programs and types "Muster"');
      picture(title);
    });
    await session.waitForWindow('Set up this computer · Muster');
    await until('the GPU of this computer', () => app.log().includes('"hardware_found"'), 30_000);
    await session.settle();
    strip.note('presses Enter');
    picture('First start');
    // A dock finds the icon of the window by the class that the .desktop file names.
    expect(session.windows().find((line) => line.includes('Muster'))).toMatch(/ muster\.muster /i);
    expect(app.sandboxes()).toEqual(['Seccomp: 2']);
    expect([...app.processes().values()].join('\n')).not.toContain('no-sandbox');
    await app.quit();
    expect(app.log()).toContain('"event":"stopped"');
  });

  test('host -> the pool of the package runs a job of the command line', async () => {
    page = await app.openPage(portOf(1));
    await page.locator('nav li a[href="#/computer"]').click();
    await page.getByRole('heading', { name: /^Available/ }).waitFor({ timeout: 40_000 });
    const job = muster(ada, 'submit', '--task', 'command', '--model', 'echo', '--prompt', 'Hello', '--wait');
    expect(job).toMatchObject({ code: 0, stdout: expect.stringContaining('Hello') as string });
    // The actions of the menu entry.
    for (const [action, availability] of [
      ['pause', 'paused'],
      ['resume', 'available'],
    ] as const) {
      expect(session.run('sh', '-c', actionOf(system.read(MENU_ENTRY), action)).code).toBe(0);
      await until(`the node to be ${availability}`, () => muster(ada, 'nodes').stdout.includes(availability), 20_000);
    }
    await page.locator('nav li a[href="#/jobs"]').click();
    await page.getByText('Done').first().waitFor();
    await session.settle();
    strip.note('the app hosts a pool of its own. In a terminal: muster submit --task command --model echo --prompt Hello --wait');
    picture('A job in the own pool');
    // The scheduler and the probe are the command line of the package, with its newer Node.js.
    expect([...app.processes().values()].filter((command) => command.startsWith('/opt/Muster/cli/muster'))).toHaveLength(2);
  });

  test('link -> shown by the running app, joined by a click; a job of the host runs here', async () => {
    const address = `http://127.0.0.1:${String(portOf(2))}`;
    system.write(ben, `${ben.home}/.config/muster/config.toml`, `[server]\nport = ${String(portOf(2))}\nannounce = false\n`);
    system.spawn(['muster', 'scheduler'], ben, {}, { stdio: 'ignore' });
    await until('the pool of ben', () => muster(ben, 'nodes', '--url', address).code === 0, 20_000);
    const { link } = JSON.parse(muster(ben, 'invite', '--name', 'ada', '--json').stdout) as { readonly link: string };

    // The handler of the link is the menu entry: it starts the program again, which hands the link over to the running one.
    expect(session.run('xdg-open', link).code).toBe(0);
    await page.getByRole('status').filter({ hasText: 'A join link was opened' }).waitFor();
    await session.settle();
    strip.note(`opens ${link.replace(/key=.*/, 'key=…')} in another program`);
    picture('A link opens the app');
    await page.getByRole('button', { name: 'Join…', exact: true }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Join', exact: true }).click();
    await until('the node of ada', () => muster(ben, 'nodes').stdout.includes('available'), 40_000);

    const job = muster(ben, 'submit', '--task', 'command', '--model', 'echo', '--prompt', 'From ben', '--wait');
    expect(job).toMatchObject({ code: 0, stdout: expect.stringContaining('From ben') as string });
    await page.locator('nav li a[href="#/computer"]').click();
    await session.settle();
    strip.note('clicks "Join…" and "Join"; ben runs a job from his pool');
    picture('Joined');
    await app.quit();
  });

  test('upgrade -> new version, data kept: the node is in the pool that it joined before', async () => {
    // A service that runs without a login, with data of its own.
    system.run('install', '-d', '-o', 'muster', '/var/lib/muster');
    system.run('install', '-o', 'muster', '/etc/hostname', '/var/lib/muster/scheduler.db');
    strip.note(`dpkg -i muster_${VERSION}_amd64.deb, over version ${OLD_VERSION}`);
    await session.inTerminal(`dpkg -i ${inCopy(debOf(VERSION))}`, () => picture('Upgrade'));
    expect(system.run('dpkg-query', '-W', 'muster')).toBe(`muster\t${VERSION}\n`);
    expect(system.run('dpkg', '-V', 'muster')).toBe('');
    expect(system.exists('/var/lib/muster/scheduler.db')).toBe(true);

    await session.startFromMenu('Muster', () => undefined);
    await session.waitForWindow('· Muster');
    await until('the node of ada in the pool of ben', () => muster(ben, 'nodes').stdout.includes('available'), 40_000);
    await session.settle();
    strip.note('starts Muster from the menu again');
    picture('After the upgrade');
    await app.quit();
  });

  test('removal -> no program, data of the services and of people kept', async () => {
    strip.note('dpkg -r muster');
    await session.inTerminal('dpkg -r muster', () => picture('Removal'));
    expect([system.exists('/opt/Muster'), system.exists('/usr/bin/muster')]).toEqual([false, false]);
    expect(system.exists('/var/lib/muster/scheduler.db')).toBe(true);
    expect(session.run('xdg-mime', 'query', 'default', 'x-scheme-handler/muster').stdout).toBe('');
  });

  test('purge -> nothing left but the files of people', async () => {
    strip.note('dpkg --purge muster');
    await session.inTerminal('dpkg --purge muster', () => picture('Purge'));
    const left = system.changes().filter((file) => !before.has(file) && !OF_THE_SYSTEM.some((pattern) => pattern.test(file)));
    expect(left).toEqual([]);
    expect(system.try(['getent', 'passwd', 'muster', 'muster-agent']).stdout).toBe('');
    expect(system.try(['test', '-e', '/var/lib/muster']).code).not.toBe(0);
    expect(system.exists(`${ada.home}/.local/state/muster/app.json`)).toBe(true);
    expect(strip.end()).toHaveLength(10);
  });
});

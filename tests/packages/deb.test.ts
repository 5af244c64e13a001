// The deb in a copy of this system: installed, started from its menu entry, used, upgraded, removed and purged. The steps follow each other.
// The pictures are in artifacts/gallery/diaries/installation.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DIARIES } from '../../gallery/diaries';
import { commandModelFiles } from '../support/job-bench';
import { DesktopSession } from '../support/packages/desktop-session';
import { InstallationStrip } from '../support/packages/installation-strip';
import { InstalledApp } from '../support/packages/installed-app';
import { debOf, OLD_VERSION, requireInstallation, VERSION } from '../support/packages/package-files';
import { type Person, SystemCopy } from '../support/packages/system-copy';
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
const MODELS = '.local/share/muster/models';
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
    const output = await session.inTerminal(`dpkg -i ${debOf(OLD_VERSION)}`, () => picture('Install'));
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
    for (const [file, content] of commandModelFiles('echo', { argv: ['cat'] })) system.write(ada, `${ada.home}/${MODELS}/echo/${file}`, content);
    await session.startFromMenu('Muster', (title) => {
      strip.note('opens the menu of programs and types "Muster"');
      picture(title);
    });
    await session.waitForWindow('Set up this computer - Muster');
    await until('the checks of the first run', () => app.log().includes('"hardware'), 30_000).catch(() => undefined);
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
    const page = await app.openPage(portOf(1));
    await page.getByRole('button', { name: 'Only on this computer' }).click();
    await page.locator('nav li a[href="#/computer"]').click();
    await page.getByRole('heading', { name: /^Available/ }).waitFor({ timeout: 40_000 });
    const job = muster(ada, 'submit', '--task', 'command', '--model', 'echo', '--prompt', 'Hello', '--wait');
    expect(job).toMatchObject({ code: 0, stdout: expect.stringContaining('Hello') });
    await page.locator('nav li a[href="#/jobs"]').click();
    await page.getByText('Done').first().waitFor();
    await session.settle();
    strip.note('clicks "Only on this computer", then runs: muster submit --task command --model echo --prompt Hello --wait');
    picture('A job in the own pool');
    // The scheduler and the probe are the command line of the package, with its newer Node.js.
    expect([...app.processes().values()].filter((command) => command.startsWith('/opt/Muster/cli/muster'))).toHaveLength(2);
  });

  test('link -> shown by the running app, joined by a click; a job of the host runs here', async () => {
    const scheduler = ['muster', 'scheduler', '--port', String(portOf(2)), '--set-up'].slice(0, 4);
    system.spawn(scheduler, ben, {}, { stdio: 'ignore' });
    await until('the pool of ben', () => muster(ben, 'nodes', '--port', String(portOf(2))).code === 0, 20_000);
    system.write(ben, `${ben.home}/.config/muster/config.toml`, `[server]\nport = ${String(portOf(2))}\n`);
    const { link } = JSON.parse(muster(ben, 'invite', '--json').stdout) as { readonly link: string };
    expect(session.run('xdg-open', link).code).toBe(0);
  });
});

// The desktop of a person in a copy of the system: a display, a session bus, a window manager and a menu. Pictures are of the whole screen.
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { until } from '../until';
import { within } from '../within';
import type { Output, Person, SystemCopy } from './system-copy';

const WINDOW_LIMIT_MS = 40_000;
const SCREEN = '1280x800x24';

export class DesktopSession {
  readonly #system: SystemCopy;
  readonly person: Person;
  readonly env: Readonly<Record<string, string>>;

  private constructor(system: SystemCopy, person: Person, env: Readonly<Record<string, string>>) {
    this.#system = system;
    this.person = person;
    this.env = env;
  }

  static async open(system: SystemCopy, person: Person): Promise<DesktopSession> {
    const runtimeDir = `/run/user/${person.name}`;
    system.run('install', '-d', '-m', '1777', '/run/user');
    system.run('install', '-d', '-m', '700', '-o', person.name, runtimeDir);
    const base = { XDG_RUNTIME_DIR: runtimeDir, XDG_CURRENT_DESKTOP: 'XFCE', XDG_MENU_PREFIX: 'xfce-' };
    const start = (...command: string[]) => system.spawn(command, person, base, { stdio: ['ignore', 'pipe', 'ignore'] });
    // -ac: root shows a terminal on this display, too.
    const display = await firstLine(
      'the display',
      start('Xvfb', '-displayfd', '1', '-screen', '0', SCREEN, '-nolisten', 'tcp', '-ac', '-noreset'),
    );
    const bus = await firstLine('the session bus', start('dbus-daemon', '--session', '--nofork', '--print-address'));
    const session = new DesktopSession(system, person, { ...base, DISPLAY: `:${display}`, DBUS_SESSION_BUS_ADDRESS: bus });
    session.start('openbox');
    await session.until('the window manager', () => session.run('wmctrl', '-m').code === 0);
    return session;
  }

  /** Starts a program that goes on. */
  start(...command: readonly string[]): ChildProcess {
    return this.#system.spawn(command, this.person, this.env, { stdio: 'ignore' });
  }

  run(...command: readonly string[]): Output {
    return this.#system.try(command, this.person, this.env);
  }

  /** Opens the menu of programs and chooses the one with this name, as a person does by the keyboard. */
  async startFromMenu(name: string, picture: (title: string) => void): Promise<void> {
    this.start('xfce4-appfinder');
    await this.waitForWindow('Application Finder');
    this.run('xdotool', 'search', '--sync', '--onlyvisible', '--name', 'Application Finder', 'windowactivate', '--sync');
    this.run('xdotool', 'type', '--delay', '40', name);
    await this.settle();
    picture(`${name} in the menu of programs`);
    this.run('xdotool', 'key', 'Return');
  }

  waitForWindow(title: string): Promise<true> {
    return this.until(`the window "${title}"`, () => this.windows().some((line) => line.includes(title)));
  }

  /** The lines of `wmctrl -lx`: id, desktop, class, host, title. */
  windows(): readonly string[] {
    return this.run('wmctrl', '-lx').stdout.split('\n').filter(Boolean);
  }

  until(what: string, condition: () => boolean): Promise<true> {
    return until(what, () => condition() || null, WINDOW_LIMIT_MS);
  }

  /** Waits until two pictures of the screen, one after the other, are equal. */
  async settle(): Promise<void> {
    let last = '';
    await this.until('a screen that does not change', () => {
      const picture = this.run('sh', '-c', 'import -window root rgb:- | sha256sum').stdout;
      const isEqual = picture === last;
      last = picture;
      return isEqual;
    });
  }

  /** A picture of the whole screen, as PNG. */
  picture(): Buffer {
    const { code, stdout, stderr } = this.run('sh', '-c', 'import -window root png:- | base64 -w0');
    if (code !== 0) throw new Error(`no picture of the screen: ${stderr}`);
    return Buffer.from(stdout, 'base64');
  }

  /** Shows a command and its output in a terminal of root, until the test goes on. Returns the output. */
  async inTerminal(command: string, picture: () => void): Promise<string> {
    const [log, done] = ['/tmp/terminal.log', '/tmp/terminal.done'];
    this.#system.run('rm', '-f', log, done);
    const script = `echo "# ${command}"; { ${command}; } 2>&1 | tee ${log}; echo "\${PIPESTATUS[0]}" > ${done}; exec sleep infinity`;
    const look = ['-fa', 'DejaVu Sans Mono', '-fs', '11', '-geometry', '110x24+120+180', '-T', 'Terminal'];
    const child = this.#system.spawn(['xterm', ...look, '-e', 'bash', '-c', script], null, this.env, { stdio: 'ignore' });
    await until(`the end of ${command}`, () => this.#system.exists(done), 180_000);
    await this.settle();
    picture();
    child.kill();
    const code = this.#system.read(done).trim();
    const output = this.#system.read(log);
    if (code !== '0') throw new Error(`${command}: exit code ${code}: ${output}`);
    return output;
  }
}

async function firstLine(what: string, child: ChildProcess): Promise<string> {
  const { stdout } = child;
  if (stdout === null) throw new Error(`${what} has no output`);
  const line = new Promise<string>((resolve) => {
    createInterface({ input: stdout }).once('line', resolve);
  });
  return within(what, line);
}

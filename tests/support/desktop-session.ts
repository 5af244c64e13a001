// A desktop for the app in a test: a session bus, a window manager, a panel with a tray, and a program that shows notifications. The test reads
// the tray and clicks in it over D-Bus, as a panel does. Pictures are of the whole screen.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { type Requirement, requirePrograms } from './requirements';
import { until } from './until';
import { within } from './within';

const WAIT_MS = 30_000;
const PROGRAMS = ['dbus-daemon', 'openbox', 'dunst', 'xfce4-panel', 'wmctrl', 'xdotool', 'busctl', 'import', 'xdg-open', 'gio'] as const;
const WATCHER = 'org.kde.StatusNotifierWatcher';
const ITEM = 'org.kde.StatusNotifierItem';
const MENU = 'com.canonical.dbusmenu';

export const requireSession = (): Requirement =>
  requirePrograms(
    'session',
    PROGRAMS,
    'dbus openbox dunst xfce4-panel wmctrl xdotool systemd imagemagick xdg-utils libglib2.0-bin desktop-file-utils',
  );

/** As in desktop-display.ts. */
const SCREEN_WIDTH = 1440;

export interface ScreenPoint {
  readonly x: number;
  readonly y: number;
}

/** A notification as dunst shows it. */
export interface ShownNotification {
  readonly summary: string;
  readonly body: string;
}

export class DesktopSession {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly #children: ChildProcess[] = [];

  private constructor(folder: string, env: Readonly<Record<string, string>>) {
    this.folder = folder;
    this.env = env;
  }

  /** On the display of the suite. */
  static async open(): Promise<DesktopSession> {
    const folder = mkdtempSync(path.join(tmpdir(), 'muster-session-'));
    const folders = {
      HOME: folder,
      XDG_CONFIG_HOME: path.join(folder, '.config'),
      XDG_DATA_HOME: path.join(folder, '.local', 'share'),
      XDG_RUNTIME_DIR: path.join(folder, 'run'),
    };
    for (const one of Object.values(folders)) mkdirSync(one, { recursive: true, mode: 0o700 });
    const base = { PATH: process.env['PATH'] ?? '', DISPLAY: process.env['DISPLAY'] ?? '', ...folders, XDG_CURRENT_DESKTOP: 'XFCE' };
    const bus = spawn('dbus-daemon', ['--session', '--nofork', '--print-address'], { env: base, stdio: ['ignore', 'pipe', 'ignore'] });
    const [address] = (await within('the session bus', once(createInterface({ input: bus.stdout }), 'line'))) as [string];
    const session = new DesktopSession(folder, { ...base, DBUS_SESSION_BUS_ADDRESS: address });
    session.#children.push(bus);
    session.start('openbox');
    await until('the window manager', () => session.try('wmctrl', '-m') !== null, WAIT_MS);
    session.start('sh', '-c', `exec dunst -print > '${session.#notificationsFile}' 2>&1`);
    session.start('xfce4-panel');
    const isHost = () =>
      session.try('busctl', '--user', 'get-property', WATCHER, '/StatusNotifierWatcher', WATCHER, 'IsStatusNotifierHostRegistered');
    await until('the tray of the panel', () => isHost() === 'b true', WAIT_MS);
    return session;
  }

  /** Starts a program that goes on. */
  start(file: string, ...args: readonly string[]): void {
    this.#children.push(spawn(file, args, { env: this.env, stdio: 'ignore' }));
  }

  run(file: string, ...args: readonly string[]): string {
    return execFileSync(file, args, { env: this.env, encoding: 'utf8', timeout: WAIT_MS, stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  }

  /** Null: the program failed. */
  try(file: string, ...args: readonly string[]): string | null {
    try {
      return this.run(file, ...args);
    } catch {
      return null;
    }
  }

  /** The title of every window that is not the panel's. */
  windows(): readonly string[] {
    const lines = (this.try('wmctrl', '-l') ?? '').split('\n').filter((line) => line !== '' && !line.endsWith('xfce4-panel'));
    return lines.map((line) => line.replace(/^\S+\s+\S+\s+\S+\s/, ''));
  }

  /** Closes the window as a click on its cross does. */
  closeWindow(title: string): void {
    this.run('wmctrl', '-c', title);
  }

  /** Presses a key in the window with exactly this title. */
  press(title: string, key: string): void {
    this.run('xdotool', 'search', '--sync', '--name', `^${title}$`, 'windowactivate', '--sync');
    this.run('xdotool', 'key', key);
  }

  /** Where the icon of the app is, on the screen: the last part of the panel with the blue of the mark. */
  trayIcon(): ScreenPoint {
    const [left, height] = [SCREEN_WIDTH / 2, 26];
    const crop = `${String(left)}x${String(height)}+${String(left)}+0`;
    const pixels = this.run('import', '-window', 'root', '-crop', crop, '+repage', '-depth', '8', 'txt:-').split('\n');
    const columns = pixels.flatMap((line) => {
      const [, x, red, green, blue] = /^(\d+),\d+: .*#(..)(..)(..)/.exec(line) ?? [];
      if (x === undefined || red === undefined || green === undefined || blue === undefined) return [];
      const [r, g, b] = [red, green, blue].map((part) => Number.parseInt(part, 16)) as [number, number, number];
      return b > r + 80 && b > g + 60 ? [Number(x)] : [];
    });
    if (columns.length === 0) throw new Error('the panel shows no icon of the app');
    return { x: left + Math.max(...columns) - 4, y: height / 2 };
  }

  /** Points at a place, or clicks there. */
  point({ x, y }: ScreenPoint, button: 'none' | 'right' = 'none'): void {
    const click = button === 'none' ? [] : ['click', '3'];
    this.run('xdotool', 'mousemove', String(x), String(y), ...click);
  }

  /** Clicks in the window with exactly this title, at a place from its corner. */
  clickIn(title: string, { x, y }: ScreenPoint): void {
    const find = ['search', '--onlyvisible', '--name', `^${title}$`];
    this.run('xdotool', ...find, 'mousemove', '--window', '%1', String(x), String(y), 'click', '1');
  }

  /** Does something that opens a tooltip or a menu, and waits until it is on the screen. */
  async openPopup(act: () => void): Promise<void> {
    const visible = (): number => (this.try('xdotool', 'search', '--onlyvisible', '--class', '.*') ?? '').split('\n').length;
    const before = visible();
    act();
    await until('the tooltip or the menu', () => visible() > before, WAIT_MS);
  }

  async waitForTray(): Promise<TrayItemOnBus> {
    const registered = () =>
      this.try('busctl', '--user', 'get-property', WATCHER, '/StatusNotifierWatcher', WATCHER, 'RegisteredStatusNotifierItems') ?? '';
    const item = await until('the icon in the tray', () => /"(:[^"]+)"/.exec(registered())?.[1], WAIT_MS);
    const at = item.indexOf('/');
    return new TrayItemOnBus(this, item.slice(0, at), item.slice(at));
  }

  notifications(): readonly ShownNotification[] {
    const text = readFileSync(this.#notificationsFile, 'utf8');
    const values = (key: string) => [...text.matchAll(new RegExp(`^\\s*${key}: '(.*)'$`, 'gm'))].map(([, value = '']) => value);
    const bodies = values('body');
    return values('summary').map((summary, index) => ({ summary, body: bodies[index] ?? '' }));
  }

  /** A click on the newest notification. */
  clickNotification(): void {
    this.run('dunstctl', 'action', '0');
  }

  /** Opens links of a scheme with this command. */
  registerScheme(scheme: string, command: readonly string[]): void {
    const folder = path.join(this.folder, '.local', 'share', 'applications');
    mkdirSync(folder, { recursive: true });
    const exec = command.map((part) => `"${part}"`).join(' ');
    const lines = ['[Desktop Entry]', 'Type=Application', 'Name=Muster', `Exec=${exec} %u`, `MimeType=x-scheme-handler/${scheme};`, ''];
    writeFileSync(path.join(folder, 'muster-test.desktop'), lines.join('\n'));
    this.run('update-desktop-database', folder);
    this.run('xdg-mime', 'default', 'muster-test.desktop', `x-scheme-handler/${scheme}`);
  }

  /** A picture of the whole screen as PNG, when nothing but clocks changes any more. */
  async picture(): Promise<Buffer> {
    const take = (format: 'png' | 'rgb') =>
      execFileSync('import', ['-window', 'root', '-depth', '8', '-define', 'png:exclude-chunks=date,time', `${format}:-`], {
        env: this.env,
        timeout: WAIT_MS,
        maxBuffer: 16_777_216,
      });
    let last = take('rgb');
    await until(
      'a screen that does not change',
      () => {
        const now = take('rgb');
        const changed = changedBytes(now, last);
        last = now;
        return changed <= MAX_CLOCK_BYTES;
      },
      WAIT_MS,
    );
    return take('png');
  }

  async close(): Promise<void> {
    const running = this.#children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ends = running.map((child) => once(child, 'exit'));
    for (const child of this.#children.toReversed()) child.kill();
    await within('the end of the session', Promise.all(ends));
    rmSync(this.folder, { recursive: true, force: true });
  }

  get #notificationsFile(): string {
    return path.join(this.folder, 'notifications');
  }
}

/** The icon of the app, as the panel sees it. */
export class TrayItemOnBus {
  readonly #session: DesktopSession;
  readonly #bus: string;
  readonly #path: string;

  constructor(session: DesktopSession, bus: string, objectPath: string) {
    this.#session = session;
    this.#bus = bus;
    this.#path = objectPath;
  }

  tooltip(): string {
    const tip = this.#session.run('busctl', '--user', '--json=short', 'get-property', this.#bus, this.#path, ITEM, 'ToolTip');
    const { data } = JSON.parse(tip) as { readonly data: readonly unknown[] };
    return String(data[2]);
  }

  /** The labels of the menu with their ids. */
  menu(): ReadonlyMap<string, number> {
    const layout = this.#session.run(
      'busctl',
      '--user',
      '--json=short',
      'call',
      this.#bus,
      this.#menuPath(),
      MENU,
      'GetLayout',
      'iias',
      '--',
      '0',
      '-1',
      '0',
    );
    const labels = new Map<string, number>();
    collectLabels(JSON.parse(layout), labels);
    return labels;
  }

  click(label: string): void {
    const id = this.menu().get(label);
    if (id === undefined) throw new Error(`the tray has no entry "${label}": ${[...this.menu().keys()].join(', ')}`);
    this.#session.run('busctl', '--user', 'call', this.#bus, this.#menuPath(), MENU, 'Event', 'isvu', String(id), 'clicked', 'i', '0', '0');
  }

  /** A click on the icon itself. */
  activate(): void {
    this.#session.run('busctl', '--user', 'call', this.#bus, this.#path, ITEM, 'Activate', 'ii', '0', '0');
  }

  #menuPath(): string {
    return /"(\/[^"]*)"/.exec(this.#session.run('busctl', '--user', 'get-property', this.#bus, this.#path, ITEM, 'Menu'))?.[1] ?? '/';
  }
}

/** Entries are `[id, {label: {data}}, children]` at any depth. */
function collectLabels(value: unknown, labels: Map<string, number>): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value) && typeof value[0] === 'number' && typeof value[1] === 'object') {
    const { label } = value[1] as { readonly label?: { readonly data?: unknown } };
    if (typeof label?.data === 'string') labels.set(label.data, value[0]);
  }
  for (const part of Object.values(value)) collectLabels(part, labels);
}

/** Digits of a few ages, which count seconds: on a busy machine two pictures are more than a second apart. Three bytes for each pixel. */
const MAX_CLOCK_BYTES = 12_000;

function changedBytes(one: Buffer, other: Buffer): number {
  if (one.length !== other.length) return Infinity;
  let changed = 0;
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) changed++;
  return changed;
}

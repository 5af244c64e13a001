// The built app in a real Electron, with its own data folder, GPU and model. `close` ends every process that a test started.
import { createHash } from 'node:crypto';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { _electron, type ElectronApplication, type Page } from 'playwright-core';
import type { AppApi } from '../../src/shared/api/app-api';
import type { AppSnapshot } from '../../src/shared/api/app-state';
import { projectRoot } from '../../scripts/paths.mjs';
import { chromiumSwitches, requireDesktop } from './requirements';
import { until } from './until';
import { within } from './within';

const FIXTURES = path.join(projectRoot, 'tests', 'fixtures', 'hardware');
const ARTIFACTS = path.join(projectRoot, 'artifacts', 'desktop');

const APP_END_LIMIT_MS = 40_000;
const LAUNCH_LIMIT_MS = 30_000;
/**
 * Keeps the app from being ready before Playwright is connected. Playwright adds it only to an Electron that it finds itself. Without it,
 * about one launch of eighty beside a load never ended: Playwright connected while the window was created.
 */
const PLAYWRIGHT_LOADER = path.join(projectRoot, 'node_modules/playwright-core/lib/server/electron/loader.js');

/** Short intervals, a free port, and no limit of the load: the load of the test machine must not decide whether a node is available. */
const CONFIG = `[server]
port = 0
[scheduler]
status_push_interval_seconds = 1
[scheduler.load_balancer]
resource_threshold = 100
[scheduler.node_health]
heartbeat_interval_seconds = 0.5
heartbeat_timeout_seconds = 10
warmup_timeout_seconds = 30
`;

export interface LaunchOptions {
  /** Arguments after the app's path, besides `--data-dir`. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Run children in Electron's own utility processes; else in the Node that runs the tests. */
  readonly ownChildren?: boolean;
}

export class DesktopApp {
  constructor(
    readonly electron: ElectronApplication,
    readonly page: Page,
  ) {}

  /** The title at the top of the page This computer. */
  hero(): ReturnType<Page['locator']> {
    return this.page.locator('h2').first();
  }

  async waitForHero(text: string | RegExp, timeoutMs = 30_000): Promise<void> {
    await this.page.locator('nav li a[href="#/computer"]').click();
    await this.hero().filter({ hasText: text }).waitFor({ timeout: timeoutMs });
  }

  /** The state of the program, read through the bridge of the window. */
  state(): Promise<AppSnapshot> {
    const snapshot = this.page.evaluate(
      () =>
        new Promise<AppSnapshot>((resolve) => {
          const { muster } = globalThis as unknown as { muster: AppApi };
          const stop = muster.subscribe({
            onEvents: ([event]) => {
              if (event?.type === 'snapshot') resolve(event.state);
              setTimeout(() => stop(), 0);
            },
            onConnection: () => undefined,
          });
        }),
    );
    return within('a snapshot from the bridge', snapshot);
  }

  /** Opens a page by its title in the navigation. */
  async open(title: string): Promise<void> {
    await this.page.getByTitle(title, { exact: true }).click();
  }

  /** Kept in artifacts/desktop/, for people to look at. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(ARTIFACTS, { recursive: true });
    await this.page.screenshot({ path: path.join(ARTIFACTS, `${name}.png`), animations: 'disabled' });
  }

  /** Closes the window, or quits as the menu does. Resolves to the exit code of the app. */
  async quit(by: 'window' | 'menu' = 'window'): Promise<number | null> {
    const child = this.electron.process();
    const exited = child.exitCode === null ? once(child, 'exit') : Promise.resolve([child.exitCode]);
    await this.electron
      .evaluate(({ app, BrowserWindow }, way) => {
        if (way === 'menu') app.quit();
        else for (const window of BrowserWindow.getAllWindows()) window.close();
      }, by)
      .catch(() => undefined);
    const [code] = (await within('the end of the app', exited, APP_END_LIMIT_MS)) as [number | null];
    return code;
  }
}

export class DesktopLab {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'muster-desktop-'));
  readonly dataDir = path.join(this.folder, 'data');
  readonly #bin = path.join(this.folder, 'bin');
  readonly #started: ChildProcess[] = [];
  /** A script in place of Electron. Null: Electron itself. */
  readonly #wrapper: string | null;

  /** `enter`: the command that enters the network namespace of the app. Null: the network of this machine. */
  constructor(enter: readonly string[] | null = null) {
    this.#wrapper = enter === null ? null : path.join(this.folder, 'electron-in-namespace.sh');
    for (const folder of [this.dataDir, this.#bin]) mkdirSync(folder, { recursive: true });
    this.configure(CONFIG);
    if (enter !== null && this.#wrapper !== null) writeWrapper(this.#wrapper, enter);
  }

  configure(toml: string): void {
    writeFileSync(path.join(this.dataDir, 'config.toml'), toml);
  }

  /** A stand-in nvidia-smi, first in PATH, that replays a recorded H100. */
  plugInH100(): void {
    const program = path.join(this.#bin, 'nvidia-smi');
    copyFileSync(path.join(FIXTURES, 'bin', 'nvidia-smi'), program);
    chmodSync(program, 0o755);
    copyFileSync(path.join(FIXTURES, 'nvidia', 'h100-idle.csv'), path.join(this.#bin, 'query.stdout'));
    writeFileSync(path.join(this.#bin, 'list.stdout'), 'GPU 0: NVIDIA H100 80GB HBM3\n');
  }

  /** A model folder whose one file has the recorded checksum. */
  installModel(modelId: string, content: string): void {
    const folder = path.join(this.dataDir, 'models', modelId);
    mkdirSync(folder, { recursive: true });
    const sha256 = createHash('sha256').update(content).digest('hex');
    const manifest = {
      model_id: modelId,
      kind: 'llm',
      version: '1',
      files: [{ path: 'weights.bin', size: Buffer.byteLength(content), sha256 }],
    };
    writeFileSync(path.join(folder, 'muster-model.json'), JSON.stringify(manifest));
    this.writeWeights(modelId, content);
  }

  writeWeights(modelId: string, content: string): void {
    writeFileSync(path.join(this.dataDir, 'models', modelId, 'weights.bin'), content);
  }

  /** The app up to its window. */
  async launch(options: LaunchOptions = {}): Promise<DesktopApp> {
    const electron = await this.start(options);
    const page = await electron.firstWindow();
    await page.locator('main').first().waitFor({ timeout: 20_000 });
    return new DesktopApp(electron, page);
  }

  /** The app, without waiting for a window. */
  async start({ args = [], env = {}, ownChildren = false }: LaunchOptions = {}): Promise<ElectronApplication> {
    if (!existsSync(path.join(projectRoot, 'out', 'main', 'index.js'))) throw new Error('out/ is missing: npm run build');
    // The error has the output of the app. The default of Playwright is longer than the limit of a test.
    const options = {
      ...this.#command(args, ['-r', PLAYWRIGHT_LOADER]),
      env: this.#environment(env, ownChildren),
      timeout: LAUNCH_LIMIT_MS,
    };
    const electron = await _electron.launch(options);
    // Read before the app ends: Playwright has no process of an ended app.
    this.#started.push(electron.process());
    return electron;
  }

  /** Starts the app and waits for its end without Playwright. */
  async runToEnd(args: readonly string[] = []): Promise<{ readonly code: number | null; readonly stderr: string }> {
    const command = this.#command(args);
    const child = spawn(command.executablePath, command.args, { env: this.#environment(), stdio: ['ignore', 'ignore', 'pipe'] });
    this.#started.push(child);
    let stderr = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text;
    });
    const [code] = (await within(`the end of the app with ${args.join(' ')}`, once(child, 'close'), APP_END_LIMIT_MS)) as [number | null];
    return { code, stderr };
  }

  #command(args: readonly string[], preload: readonly string[] = []): { readonly executablePath: string; readonly args: string[] } {
    const { path: executablePath, missing } = requireDesktop();
    if (executablePath === undefined) throw new Error(missing);
    return {
      executablePath: this.#wrapper ?? executablePath,
      args: [...chromiumSwitches(), ...preload, projectRoot, '--data-dir', this.dataDir, ...args],
    };
  }

  #environment(env: LaunchOptions['env'] = {}, ownChildren = false): Record<string, string> {
    const merged = {
      ...process.env,
      PATH: `${this.#bin}${path.delimiter}${process.env['PATH'] ?? ''}`,
      MUSTER_NO_DIALOGS: '1',
      // No test announces a pool in the networks of this machine.
      MUSTER_SERVER_ANNOUNCE: 'false',
      MUSTER_NODE_EXEC: ownChildren ? undefined : process.execPath,
      // Without a session bus Chromium logs many lines.
      DBUS_SESSION_BUS_ADDRESS: 'disabled:',
      ...env,
    };
    return Object.fromEntries(Object.entries(merged).filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  /** Processes with this lab's folder in their command line. */
  processes(): string[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
      .map((pid) => commandLineOf(pid))
      .filter((line) => line.includes(this.folder));
  }

  /** The log of the app so far. */
  log(): string {
    const folder = path.join(this.dataDir, 'logs');
    return existsSync(folder)
      ? readdirSync(folder)
          .map((name) => readFileSync(path.join(folder, name), 'utf8'))
          .join('')
      : '';
  }

  async close(): Promise<void> {
    for (const child of this.#started) child.kill('SIGKILL');
    await until('every process of the test to end', () => this.processes().length === 0, 10_000);
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function writeWrapper(file: string, enter: readonly string[]): void {
  const { path: electron = '' } = requireDesktop();
  const program = path.join(projectRoot, 'tests', 'support', 'electron-in-namespace.mjs');
  const quoted = [process.execPath, program, JSON.stringify(enter), electron].map((part) => `'${part}'`).join(' ');
  writeFileSync(file, `#!/bin/sh\nexec ${quoted} "$@"\n`, { mode: 0o755 });
}

function commandLineOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

// The settings of this program while it runs: shows them, writes changes to the configuration file, watches the file, and hands new
// values to the parts that can take them. core/apply-settings.ts decides who gets a new value.
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Outcome } from '../../shared/api/app-api';
import type {
  ChosenPath,
  SettingProblem,
  SettingRefusal,
  SettingsFolder,
  SettingsView,
  SettingValue,
  SettingView,
} from '../../shared/api/settings';
import { fail, ok, type Result } from '../../shared/result';
import { failure, notAvailableHere } from '../contracts/app-errors';
import type { Done, SettingChange, SettingsPort } from '../contracts/ports';
import type { Clock, Timer } from '../platform/clock';
import type { MusterConfig } from '../platform/config/config';
import { type ConfigError, configErrorText } from '../platform/config/config-error';
import { CONFIG_KEYS, CONFIG_PATHS, type ConfigPath, type ConfigValues } from '../platform/config/keys';
import { type ConfigSources, isConfigPath, loadConfig, type LoadedConfig } from '../platform/config/load-config';
import { readerOf } from '../platform/config/setting-facts';
import { type SettingChange as FileChange, type SettingsWriteError, SettingsWriter } from '../platform/config/settings-writer';
import { toConfig } from '../platform/config/to-config';
import type { LevelLogger } from '../platform/logger';
import type { MusterPaths } from '../platform/paths';
import { checkSetting } from './check-setting';
import { choosePath, type ShowPathDialog } from './choose-path';
import { applySettings } from './core/apply-settings';
import { settingView, shownOrigin } from './setting-view';

export interface SettingsServiceOptions {
  readonly sources: ConfigSources;
  /** The configuration with which the program started. */
  readonly loaded: LoadedConfig;
  readonly paths: MusterPaths;
  readonly clock: Clock;
  readonly logger: LevelLogger;
  /** Whether an agent runs in this program. Without one, its settings are not shown. */
  readonly hasAgent: boolean;
  /** Whether this program is the desktop app. Default: it is not, and its settings are not shown. */
  readonly isDesktop?: boolean;
  /** The scheduler is a child of this program, which can start it again. */
  readonly hasSchedulerChild: boolean;
  /** The values that the app chose itself, whatever the file says. They are read-only here. */
  readonly chosenInApp?: () => ChosenInApp;
  /** Shows a folder in the file manager. Resolves to an error text; empty: shown. Absent: this program has no screen. */
  readonly showFolder?: (folder: string) => Promise<string>;
  /** Asks the user for a path. Absent: this program has no window. */
  readonly showPathDialog?: ShowPathDialog;
}

type ChosenInApp = Partial<Record<ConfigPath, SettingValue>>;

/** Gets the configuration after a change. */
type OnChange = (config: MusterConfig) => void;

/** The parts of the program that get new values. */
export interface SettingsParts {
  readonly configureAgent?: OnChange;
  /** The shell around the window. */
  readonly configureDesktop?: OnChange;
  /** The scheduler in this process. A hosted one watches the file itself. */
  readonly configureScheduler?: OnChange;
  /** Settings that hold from the next start of the scheduler on. */
  readonly onSchedulerSettings?: OnChange;
}

const WATCH_INTERVAL_MS = 2000;

export class SettingsService implements SettingsPort {
  readonly #options: SettingsServiceOptions;
  readonly #writer: SettingsWriter;
  #loaded: LoadedConfig;
  /** The values that the parts of the program use. */
  #running: ConfigValues;
  #fault: ConfigError | null = null;
  #parts: SettingsParts = {};
  #timer: Timer | null = null;
  #lastTurn: Promise<unknown> = Promise.resolve();
  /** Null: not known. Empty: there is no file. */
  #fileVersion: string | null = null;
  #stopped = false;

  constructor(options: SettingsServiceOptions) {
    this.#options = options;
    this.#writer = new SettingsWriter(options.sources, options.clock);
    this.#loaded = options.loaded;
    this.#running = options.loaded.values;
  }

  /** Watches the file until `stop`. A change of its content is applied within two seconds. */
  async start(parts: SettingsParts = {}): Promise<void> {
    this.#parts = parts;
    this.#fileVersion = await this.#versionOfFile();
    // The file may have changed since the program read it.
    await this.reload();
    this.#watch();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  /** The hosted scheduler has started with the settings of now. */
  schedulerStarted(): void {
    this.#take(CONFIG_PATHS.filter((key) => readerOf(key) === 'scheduler'));
  }

  list(): SettingsView {
    const { hasAgent, isDesktop = false, showFolder, sources } = this.#options;
    const chosen = this.#chosenInApp();
    const keys = CONFIG_PATHS.filter((key) => (hasAgent || !isOfAgent(key)) && (isDesktop || !isOfDesktop(key)));
    return {
      file: sources.configFile,
      fault: this.#fault === null ? null : shownFault(this.#fault),
      folders: this.#folders(),
      can_open_folders: showFolder !== undefined,
      settings: keys.map((key) => this.#viewOf(key, chosen)),
    };
  }

  async openFolder(folder: SettingsFolder): Promise<Done> {
    const { showFolder } = this.#options;
    if (showFolder === undefined) return notAvailableHere();
    const reason = await showFolder(this.#folders()[folder]);
    return reason === '' ? ok(undefined) : failure('NOT_FOUND', { reason: reason.slice(0, 200) });
  }

  choosePath(key: string): Promise<Outcome<ChosenPath>> {
    return choosePath(key, this.#options.showPathDialog);
  }

  set(changes: readonly SettingChange[]): Promise<Outcome<SettingView>> {
    return this.#inTurn(() => this.#set(changes));
  }

  /** Reads the file again and applies what changed. */
  reload(): Promise<void> {
    return this.#inTurn(() => this.#reload());
  }

  /** One after the other: a file that was read before a change must not be applied after it. */
  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const turn = this.#lastTurn.then(work);
    this.#lastTurn = turn.catch(() => undefined);
    return turn;
  }

  async #set(changes: readonly SettingChange[]): Promise<Outcome<SettingView>> {
    const checked: FileChange[] = [];
    for (const change of changes) {
      const { key } = change;
      if (!isConfigPath(key)) return failure('NOT_FOUND', { key });
      const outcome = this.#checked(key, change.value);
      if (!outcome.ok) return failure('SETTING_REFUSED', { ...outcome.error });
      checked.push(outcome.value);
    }
    const [first] = checked;
    if (first === undefined) return failure('INVALID_REQUEST', { field: 'key', reason: 'no change' });
    const written = await this.#writer.write(checked);
    if (!written.ok) return failure('SETTING_REFUSED', { ...refusalOf(first.key, written.error) });
    // The next look reads the file again: another program may have changed it since.
    this.#fileVersion = null;
    this.#accept(written.value);
    return ok(this.#viewOf(first.key, this.#chosenInApp()));
  }

  async #reload(): Promise<void> {
    const loaded = await loadConfig(this.#options.sources);
    if (this.#stopped) return;
    if (loaded.ok) {
      this.#accept(loaded.value);
      return;
    }
    if (this.#fault !== null && configErrorText(this.#fault) === configErrorText(loaded.error)) return;
    this.#fault = loaded.error;
    const { line, key, reason } = shownFault(loaded.error);
    this.#options.logger.log('warn', 'settings_file_invalid', { file: this.#options.sources.configFile, line, key, reason });
  }

  #folders(): SettingsView['folders'] {
    const { sources, paths } = this.#options;
    return { config: path.dirname(path.resolve(sources.configFile)), data: paths.dataDir, state: paths.stateDir, logs: paths.logsDir };
  }

  #watch(): void {
    if (this.#stopped) return;
    this.#timer = this.#options.clock.setTimer(WATCH_INTERVAL_MS, () => {
      void this.#look().finally(() => {
        this.#watch();
      });
    });
  }

  async #look(): Promise<void> {
    const version = await this.#versionOfFile();
    if (version === this.#fileVersion) return;
    this.#fileVersion = version;
    await this.reload();
  }

  async #versionOfFile(): Promise<string> {
    try {
      const { mtimeNs, size, ino } = await stat(this.#options.sources.configFile, { bigint: true });
      return [mtimeNs, size, ino].join(' ');
    } catch {
      return '';
    }
  }

  #checked(key: ConfigPath, value: SettingValue): Result<FileChange, SettingRefusal> {
    const origin = this.#originOf(key, this.#chosenInApp());
    const refused = (problem: SettingProblem, reason: string | null): Result<never, SettingRefusal> =>
      fail({ key, problem, related: null, reason });
    if (origin.from === 'flag' || origin.from === 'env') return refused('overridden', origin.name);
    if (origin.from === 'app') return refused('overridden', null);
    if (value === null) return ok({ key, value });
    const checked = checkSetting(key, value);
    if (checked.ok) return ok({ key, value: checked.value });
    return refused(CONFIG_KEYS[key].kind === 'number' ? 'out_of_range' : 'not_expected', checked.error);
  }

  #accept(next: LoadedConfig): void {
    const before = this.#loaded;
    this.#loaded = next;
    this.#fault = null;
    const actions = applySettings(before.values, next.values, (key) => (isConfigPath(key) ? readerOf(key) : 'program'));
    if (actions.length === 0) return;
    const waiting = actions.flatMap((action) => (action.type === 'wait_for_restart' ? action.keys : []));
    this.#options.logger.log('info', 'settings_changed', { keys: actions.flatMap(({ keys }) => keys), wait_for_restart: waiting });
    for (const action of actions) {
      if (action.type !== 'wait_for_restart') this.#take(action.keys.filter(isConfigPath));
      if (action.type === 'set_log_level') this.#options.logger.setLevel(next.config.log.level);
      if (action.type === 'configure_agent') this.#parts.configureAgent?.(toConfig(this.#running));
      if (action.type === 'configure_desktop') this.#parts.configureDesktop?.(toConfig(this.#running));
      if (action.type === 'configure_scheduler') this.#parts.configureScheduler?.(toConfig(this.#running));
      if (action.type === 'wait_for_restart' && action.of === 'scheduler') this.#parts.onSchedulerSettings?.(next.config);
    }
  }

  /** The program uses the values of these keys from now on. */
  #take(keys: readonly ConfigPath[]): void {
    this.#running = { ...this.#running, ...Object.fromEntries(keys.map((key) => [key, this.#loaded.values[key]])) };
  }

  #chosenInApp(): ChosenInApp {
    return this.#options.chosenInApp?.() ?? {};
  }

  #originOf(key: ConfigPath, chosen: ChosenInApp): SettingView['origin'] {
    return key in chosen ? { from: 'app' } : shownOrigin(this.#loaded.origins[key]);
  }

  #viewOf(key: ConfigPath, chosen: ChosenInApp): SettingView {
    const { [key]: inApp } = chosen;
    const value = inApp === undefined ? this.#loaded.values[key] : inApp;
    const running = inApp === undefined ? this.#running[key] : inApp;
    const { hasSchedulerChild } = this.#options;
    return settingView(key, { value, running, origin: this.#originOf(key, chosen), hasSchedulerChild });
  }
}

const isOfAgent = (key: ConfigPath): boolean => key.startsWith('agent.') || key.startsWith('runtimes.');

const isOfDesktop = (key: ConfigPath): boolean => key.startsWith('desktop.');

const shownFault = ({ origin, key, reason }: ConfigError): NonNullable<SettingsView['fault']> => ({
  line: origin.from === 'file' ? origin.line : null,
  key: key?.slice(0, 200) ?? null,
  reason: reason.slice(0, 1000),
});

function refusalOf(key: ConfigPath, error: SettingsWriteError): SettingRefusal {
  const { code } = error;
  switch (code) {
    case 'value_invalid': {
      const { related = null, reason } = error.error;
      return { key, problem: related === null ? 'not_expected' : 'conflict', related: otherThan(key, related, error.error.key), reason };
    }
    case 'file_invalid':
      return { key, problem: code, related: null, reason: configErrorText(error.error).slice(0, 1000) };
    case 'file_unwritable':
      return { key, problem: code, related: null, reason: `${error.file}: ${error.reason}`.slice(0, 1000) };
    case 'file_read_only':
      return { key, problem: code, related: null, reason: error.file.slice(0, 1000) };
    case 'file_changing':
    case 'not_editable':
      return { key, problem: code, related: null, reason: null };
  }
}

/** A rule has two keys, of which the changed one may be either. */
const otherThan = (key: string, one: string | null, other: string | null): string | null => (one === key ? other : one);

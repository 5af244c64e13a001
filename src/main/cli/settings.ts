// Loads the settings of a command from flags, environment and file, or returns the error.
import path from 'node:path';
import { fail, ok, type Result } from '../../shared/result';
import type { MusterConfig } from '../platform/config/config';
import { type ConfigError, configErrorText } from '../platform/config/config-error';
import { CONFIG_KEYS, CONFIG_PATHS, type ConfigPath } from '../platform/config/keys';
import { type ConfigSources, loadConfig, type LoadedConfig } from '../platform/config/load-config';
import { createLogger } from '../platform/create-logger';
import { RecentLines } from '../platform/recent-lines';
import type { LevelLogger, Logger } from '../platform/logger';
import { type MusterPaths, musterPaths } from '../platform/paths';
import { systemClock } from '../platform/clock';
import { SettingsService } from '../settings/settings-service';
import type { Invocation } from './command';
import { EXIT } from './exit-code';

export interface Settings extends LoadedConfig {
  readonly paths: MusterPaths;
  readonly configFile: string;
  /** Where the values come from, to read them again. */
  readonly sources: ConfigSources;
}

/** Why a command ends early: a message for stderr and the exit code. */
export interface CliFailure {
  readonly exitCode: number;
  readonly message: string;
}

/** Where the settings of a command come from. */
export function configSources({ io, options }: Invocation): { readonly sources: ConfigSources; readonly paths: MusterPaths } {
  const dataDir = options.text('data-dir');
  const paths = musterPaths(dataDir === undefined ? null : path.resolve(dataDir), io.env);
  const named = options.text('config');
  const configFile = named ?? paths.configFile;
  const flags = Object.fromEntries(CONFIG_PATHS.flatMap((key) => flagOf(key, options)));
  return { sources: { flags, env: io.env, configFile, explicitFile: named !== undefined }, paths };
}

export async function loadSettings(invocation: Invocation): Promise<Result<Settings, ConfigError>> {
  const { sources, paths } = configSources(invocation);
  const loaded = await loadConfig(sources);
  return loaded.ok ? ok({ ...loaded.value, paths, configFile: sources.configFile, sources }) : loaded;
}

/** The settings of a running daemon. `start` watches the configuration file. */
export const openSettings = (settings: Settings, logger: LevelLogger, { hasAgent }: { readonly hasAgent: boolean }): SettingsService =>
  new SettingsService({
    sources: settings.sources,
    loaded: settings,
    paths: settings.paths,
    clock: systemClock,
    logger,
    hasAgent,
    hasSchedulerChild: false,
  });

function flagOf(key: ConfigPath, options: Invocation['options']): [string, string][] {
  const { flag } = CONFIG_KEYS[key];
  const text = flag === null ? undefined : options.text(flag);
  return flag === null || text === undefined ? [] : [[flag, text]];
}

/** An invalid flag is a usage error. Any other invalid setting is a configuration error. */
export const configFailure = (error: ConfigError): CliFailure => ({
  exitCode: error.origin.from === 'flag' ? EXIT.usage : EXIT.configInvalid,
  message: configErrorText(error),
});

/** The error for a value that is checked only where it is used, such as the GPUs to simulate. Reported like any other invalid setting. */
export function invalidSetting(settings: Settings, key: ConfigPath, reason: string): { readonly ok: false; readonly error: ConfigError } {
  return fail({ code: 'invalid_value', origin: settings.origins[key], key, reason, suggestion: null });
}

/** The settings of a command. On failure the exit code: the reason was written to stderr. */
export async function loadCommandSettings(invocation: Invocation): Promise<Result<Settings, number>> {
  const settings = await loadSettings(invocation);
  if (settings.ok) return settings;
  const { message, exitCode } = configFailure(settings.error);
  invocation.io.err(`muster: ${message}\n`);
  return fail(exitCode);
}

export interface DaemonSettings {
  readonly settings: Settings;
  readonly logger: LevelLogger;
  /** The last lines of the log, for the dashboard. */
  readonly recent: RecentLines;
}

/** The settings and the logger of a daemon. On failure the exit code: the reason was written to stderr. */
export async function loadDaemonSettings(invocation: Invocation): Promise<Result<DaemonSettings, number>> {
  const settings = await loadCommandSettings(invocation);
  if (!settings.ok) return settings;
  const recent = new RecentLines(MAX_RECENT_BYTES);
  return ok({ settings: settings.value, logger: daemonLogger(settings.value.config, invocation.io, recent), recent });
}

const MAX_RECENT_BYTES = 4 * 1024 * 1024;

/** A daemon logs to stdout. */
const daemonLogger = (config: MusterConfig, io: Invocation['io'], recent: RecentLines): LevelLogger =>
  createLogger({
    level: config.log.level,
    format: formatOf(config, io.outIsTerminal),
    destination: 1,
    copyTo: recent,
    colors: io.outIsTerminal,
  });

/** Other commands log warnings and errors to stderr. A log level that the user set applies here, too. */
export const commandLogger = ({ config, origins }: Settings, io: Invocation['io']): Logger =>
  createLogger({
    level: origins['log.level'].from === 'default' ? 'warn' : config.log.level,
    format: formatOf(config, io.errIsTerminal),
    destination: 2,
    colors: io.errIsTerminal,
  });

function formatOf({ log }: MusterConfig, isTerminal: boolean): 'json' | 'pretty' {
  if (log.format !== 'auto') return log.format;
  return isTerminal ? 'pretty' : 'json';
}

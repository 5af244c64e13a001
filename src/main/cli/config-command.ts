// `muster config`: shows every setting with its effective value and origin, and changes one in the configuration file.
import type { SettingReader } from '../../shared/api/settings';
import { nearestKey } from '../../shared/nearest-key';
import { fail, ok, type Result } from '../../shared/result';
import { systemClock } from '../platform/clock';
import { type ConfigOrigin, configErrorText, originText } from '../platform/config/config-error';
import { CONFIG_PATHS, type ConfigPath, envNameOf } from '../platform/config/keys';
import { isConfigPath, type LoadedConfig } from '../platform/config/load-config';
import { parseValueText } from '../platform/config/parse-value';
import { readerOf } from '../platform/config/setting-facts';
import { type SettingsWriteError, SettingsWriter } from '../platform/config/settings-writer';
import type { TomlInput } from '../platform/config/toml-text';
import { checkSetting } from '../settings/check-setting';
import type { Command, Invocation } from './command';
import { JOIN_OPTIONS, JSON_OPTION, NODE_OPTIONS, SERVER_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { configSources, loadCommandSettings, type Settings } from './settings';
import { textTable } from './core/text-table';
import { messageContextOf } from './core/message-context';

export const configCommand: Command = {
  name: 'config',
  summary: 'show, set KEY VALUE, unset KEY: print the settings with their origin, or change one in the configuration file.',
  operands: ['show|set|unset', '[KEY]', '[VALUE]'],
  options: { ...SERVER_OPTIONS, ...JOIN_OPTIONS, ...NODE_OPTIONS, ...JSON_OPTION },
  run: runConfig,
};

async function runConfig(invocation: Invocation): Promise<number> {
  const [subcommand, key, value] = invocation.operands;
  if (subcommand === 'show' && key === undefined) return showConfig(invocation);
  if (subcommand === 'set' && key !== undefined && value !== undefined) return changeConfig(invocation, key, value);
  if (subcommand === 'unset' && key !== undefined && value === undefined) return changeConfig(invocation, key, null);
  const { program } = messageContextOf(invocation.io.env);
  const uses = ['show', 'set KEY VALUE', 'unset KEY'].map((use) => `${program} config ${use}`);
  invocation.io.err(`muster: config: use ${uses.join(', or ')}\n`);
  return EXIT.usage;
}

async function showConfig(invocation: Invocation): Promise<number> {
  const { io, options } = invocation;
  const settings = await loadCommandSettings(invocation);
  if (!settings.ok) return settings.error;
  io.out(options.isSet('json') ? `${JSON.stringify(asJson(settings.value), null, 2)}\n` : asText(settings.value));
  return EXIT.ok;
}

function asJson({ values, origins, configFile, paths }: Settings): unknown {
  const settings = CONFIG_PATHS.map((key) => settingJson(key, values[key], origins[key]));
  return { config_file: configFile, data_dir: paths.dataDir, state_dir: paths.stateDir, settings };
}

const settingJson = (key: ConfigPath, value: unknown, origin: ConfigOrigin) => ({
  key,
  value,
  origin: jsonOrigin(origin),
  env: envNameOf(key),
});

function jsonOrigin(origin: ConfigOrigin): unknown {
  return origin.from === 'flag' ? { from: 'flag', name: `--${origin.name}` } : origin;
}

function asText({ values, origins, configFile, paths }: Settings): string {
  const rows = CONFIG_PATHS.map((key) => [key, values[key] === null ? '-' : JSON.stringify(values[key]), originText(origins[key])]);
  return `${textTable(['KEY', 'VALUE', 'FROM'], rows)}\nconfiguration file  ${configFile}\ndata folder         ${paths.dataDir}\nstate folder        ${paths.stateDir}\n`;
}

/** `text` null removes the key. */
async function changeConfig(invocation: Invocation, key: string, text: string | null): Promise<number> {
  const { io, options } = invocation;
  const change = changeOf(key, text);
  if (!change.ok) {
    io.err(`muster: ${change.error}\n`);
    return EXIT.usage;
  }
  const { sources } = configSources(invocation);
  const written = await new SettingsWriter(sources, systemClock).write([change.value]);
  if (!written.ok) {
    io.err(`muster: ${writeFailureText(written.error)}\n`);
    return written.error.code === 'value_invalid' || written.error.code === 'file_invalid' ? EXIT.configInvalid : EXIT.failure;
  }
  const { key: changed } = change.value;
  const { values, origins } = written.value;
  if (options.isSet('json')) io.out(`${JSON.stringify(settingJson(changed, values[changed], origins[changed]), null, 2)}\n`);
  else io.out(`${changed} = ${values[changed] === null ? '-' : JSON.stringify(values[changed])}  (${originText(origins[changed])})\n`);
  io.err(`muster: ${noteOf(changed, written.value)}\n`);
  return EXIT.ok;
}

interface Change {
  readonly key: ConfigPath;
  readonly value: TomlInput | null;
}

function changeOf(key: string, text: string | null): Result<Change, string> {
  if (!isConfigPath(key)) {
    const suggestion = nearestKey(key, CONFIG_PATHS);
    return fail(`${key}: unknown key${suggestion === null ? '' : `, did you mean ${suggestion}?`}`);
  }
  if (text === null) return ok({ key, value: null });
  const parsed = parseValueText(key, text);
  // A text of the command line is one of the kinds of TOML.
  const checked = parsed.ok ? checkSetting(key, parsed.value as string) : parsed;
  return checked.ok ? ok({ key, value: checked.value }) : fail(`${key}: ${checked.error}`);
}

/** What else the user should know: an override, or when the change applies. */
function noteOf(key: ConfigPath, { origins }: LoadedConfig): string {
  const origin = origins[key];
  if (origin.from === 'env' || origin.from === 'flag')
    return `${originText(origin)} comes before the configuration file, so the value does not change`;
  return WHEN_APPLIED[readerOf(key)];
}

const WHEN_APPLIED: Readonly<Record<SettingReader, string>> = {
  desktop: 'a running desktop app applies the change within two seconds',
  agent: 'a running agent applies the change within two seconds',
  log: 'a running Muster applies the change within two seconds',
  scheduler_live: 'a running scheduler applies the change within two seconds',
  scheduler: 'the change applies when the scheduler starts again',
  program: 'the change applies when Muster starts again',
};

function writeFailureText(error: SettingsWriteError): string {
  switch (error.code) {
    case 'value_invalid':
    case 'file_invalid':
      return configErrorText(error.error);
    case 'file_read_only':
      return `${error.file} is read-only`;
    case 'file_unwritable':
      return `${error.file} cannot be written (${error.reason})`;
    case 'file_changing':
      return `another program keeps changing ${error.file}, try again`;
    case 'not_editable':
      return `${error.file}: the key cannot be changed by a program, because its section is not a table. Edit the file`;
  }
}

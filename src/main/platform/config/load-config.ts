// Loads the configuration: flag before environment before file before default, each value with its origin. The keys are in keys.ts,
// the rules between them in relations.ts. One invalid value makes the whole configuration invalid.
import { isUtf8 } from 'node:buffer';
import { open } from 'node:fs/promises';
import { codeOfError, reasonOfError } from '../../../shared/errors';
import { fail, ok, type Result } from '../../../shared/result';
import type { MusterConfig } from './config';
import type { ConfigError, ConfigOrigin } from './config-error';
import { CONFIG_KEYS, CONFIG_PATHS, type ConfigPath, type ConfigValues, envNameOf } from './keys';
import { nearestKey } from '../../../shared/nearest-key';
import { parseValueText, parseValue } from './parse-value';
import { brokenRelation } from './relations';
import { toConfig } from './to-config';
import { parseToml, type TomlNode, type TomlTable } from './toml';

/** The time to parse a file grows with its size: 13 MB stopped the program for half a minute. A configuration has a few kilobytes. */
export const MAX_CONFIG_BYTES = 256 * 1024;
export const TOO_LARGE = 'larger than 256 KiB';

export interface ConfigSources {
  /** Flags of the command line, by name without dashes. */
  readonly flags: Readonly<Record<string, string | undefined>>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly configFile: string;
  /** The user named the file, so it must exist. */
  readonly explicitFile: boolean;
}

export interface LoadedConfig {
  readonly config: MusterConfig;
  readonly values: ConfigValues;
  readonly origins: Readonly<Record<ConfigPath, ConfigOrigin>>;
}

interface Setting {
  readonly value: unknown;
  readonly origin: ConfigOrigin;
}
type Settings = Map<ConfigPath, Setting>;

/** The configuration, or the first error with its origin: file and line, variable or flag. */
export async function loadConfig(sources: ConfigSources): Promise<Result<LoadedConfig, ConfigError>> {
  const text = await readConfigFile(sources);
  return text.ok ? configOf(text.value, sources) : text;
}

/** The configuration with this text in place of the content of the file. */
export function configOf(text: string, sources: ConfigSources): Result<LoadedConfig, ConfigError> {
  const settings: Settings = new Map();
  const fault =
    readFileText(text, sources.configFile, settings) ?? readEnvironment(sources.env, settings) ?? readFlags(sources.flags, settings);
  return fault === null ? complete(settings) : fail(fault);
}

async function readConfigFile(sources: ConfigSources): Promise<Result<string, ConfigError>> {
  const origin = { from: 'file', file: sources.configFile, line: null } as const;
  try {
    const bytes = await readBounded(sources.configFile);
    if (bytes === null) return fail({ code: 'file_unreadable', origin, key: null, reason: TOO_LARGE, suggestion: null });
    if (!isUtf8(bytes)) return fail({ code: 'syntax', origin, key: null, reason: 'not UTF-8 text', suggestion: null });
    return ok(bytes.toString());
  } catch (cause) {
    const isMissing = codeOfError(cause) === 'ENOENT';
    if (isMissing && !sources.explicitFile) return ok('');
    if (isMissing) return fail({ code: 'file_missing', origin, key: null, reason: 'file not found', suggestion: null });
    return fail({ code: 'file_unreadable', origin, key: null, reason: `cannot be read (${reasonOfError(cause)})`, suggestion: null });
  }
}

/** Null: larger than the limit. A device may have no end, so the size is not asked for. */
async function readBounded(file: string): Promise<Buffer | null> {
  const handle = await open(file, 'r');
  try {
    const bytes = Buffer.alloc(MAX_CONFIG_BYTES + 1);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read)
      read = (await handle.read(bytes, length, bytes.length - length, null)).bytesRead;
    return length > MAX_CONFIG_BYTES ? null : bytes.subarray(0, length);
  } finally {
    await handle.close();
  }
}

function readFileText(text: string, file: string, settings: Settings): ConfigError | null {
  const toml = parseToml(text);
  if (toml.ok) return readTable(toml.value, [], { file, settings });
  const { line, reason } = toml.error;
  return { code: 'syntax', origin: { from: 'file', file, line }, key: null, reason, suggestion: null };
}

interface FileContext {
  readonly file: string;
  readonly settings: Settings;
}

function readTable(table: TomlTable, above: readonly string[], context: FileContext): ConfigError | null {
  for (const [name, node] of table.members) {
    const path = [...above, quotedName(name)];
    const key = path.join('.');
    const origin: ConfigOrigin = { from: 'file', file: context.file, line: node.line };
    const fault = isConfigPath(key)
      ? setValue(key, parseValue(key, node.kind === 'table' ? {} : node.value), origin, context.settings)
      : readSubtable(key, node, path, origin, context);
    if (fault !== null) return fault;
  }
  return null;
}

/** As TOML writes the name. A quoted name with a dot is one name, not a path. */
const quotedName = (name: string): string => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name));

function readSubtable(
  key: string,
  node: TomlNode,
  path: readonly string[],
  origin: ConfigOrigin,
  context: FileContext,
): ConfigError | null {
  const isSection = CONFIG_PATHS.some((known) => known.startsWith(`${key}.`));
  if (node.kind === 'table' && isSection) return readTable(node, path, context);
  if (isSection) return { code: 'invalid_value', origin, key, reason: `expected a table: [${key}]`, suggestion: null };
  const suggestion = nearestKey(key.replaceAll('"', ''), node.kind === 'table' ? SECTIONS : CONFIG_PATHS);
  return { code: 'unknown_key', origin, key, reason: 'unknown key', suggestion };
}

const SECTIONS = [...new Set(CONFIG_PATHS.map((path) => path.slice(0, path.lastIndexOf('.'))))];

function readEnvironment(env: ConfigSources['env'], settings: Settings): ConfigError | null {
  for (const path of CONFIG_PATHS) {
    const name = envNameOf(path);
    const text = env[name];
    // An empty variable counts as not set: shells and unit files unset variables in this way.
    if (text === undefined || text === '') continue;
    const fault = setValue(path, parseValueText(path, text), { from: 'env', name }, settings);
    if (fault !== null) return fault;
  }
  return null;
}

function readFlags(flags: ConfigSources['flags'], settings: Settings): ConfigError | null {
  for (const path of CONFIG_PATHS) {
    const name = CONFIG_KEYS[path].flag;
    const text = name === null ? undefined : flags[name];
    if (name === null || text === undefined) continue;
    const fault = setValue(path, parseValueText(path, text), { from: 'flag', name }, settings);
    if (fault !== null) return fault;
  }
  return null;
}

function setValue(path: ConfigPath, outcome: Result<unknown, string>, origin: ConfigOrigin, settings: Settings): ConfigError | null {
  if (!outcome.ok) return { code: 'invalid_value', origin, key: path, reason: outcome.error, suggestion: null };
  settings.set(path, { value: outcome.value, origin });
  return null;
}

function complete(settings: Settings): Result<LoadedConfig, ConfigError> {
  const filled = CONFIG_PATHS.map((path) => [path, settings.get(path) ?? inherited(path, settings)] as const);
  // Each value passed the schema of its key, so the type is right.
  const values = Object.fromEntries(filled.map(([path, { value }]) => [path, value])) as unknown as ConfigValues;
  const origins = Object.fromEntries(filled.map(([path, { origin }]) => [path, origin])) as Record<ConfigPath, ConfigOrigin>;
  const broken = brokenRelation(values);
  if (broken === null) return ok({ config: toConfig(values), values, origins });
  const blamed = broken.keys.find((path) => origins[path].from !== 'default') ?? broken.keys[0];
  const [first, second] = broken.keys;
  const related = blamed === first ? second : first;
  return fail({ code: 'impossible', origin: origins[blamed], key: blamed, reason: broken.reason, suggestion: null, related });
}

const BALANCER = 'scheduler.load_balancer';

/** The value of a key that is not configured: the common threshold for each of the three thresholds, else the default. */
function inherited(path: ConfigPath, settings: Settings): Setting {
  const own: Setting = { value: CONFIG_KEYS[path].default, origin: { from: 'default' } };
  const common = path !== `${BALANCER}.resource_threshold` && path.startsWith(BALANCER) && path.endsWith('_threshold');
  return (common ? settings.get(`${BALANCER}.resource_threshold`) : undefined) ?? own;
}

export const isConfigPath = (key: string): key is ConfigPath => Object.hasOwn(CONFIG_KEYS, key);

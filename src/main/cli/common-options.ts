// Options that several commands share. An option with the name of a configuration key's flag overrides that key.
import { CONFIG_KEYS, type ConfigPath } from '../platform/config/keys';
import type { OptionSpec } from './command';

type OptionSpecs = Readonly<Record<string, OptionSpec>>;

const keyOption = (path: ConfigPath, value: string): OptionSpec => ({ value, doc: `${CONFIG_KEYS[path].doc} (${path})` });

/** Options of every command. */
export const COMMON_OPTIONS: OptionSpecs = {
  config: { value: 'FILE', doc: 'Configuration file. Default: config.toml in the configuration folder, if it exists.' },
  'data-dir': { value: 'DIR', doc: 'Keep all files of Muster, including the configuration, in this folder.' },
  'log-level': keyOption('log.level', 'debug|info|warn|error'),
  'log-format': keyOption('log.format', 'auto|json|pretty'),
  help: { value: null, doc: 'Show this help.' },
};

export const SERVER_OPTIONS: OptionSpecs = {
  host: keyOption('server.host', 'ADDRESS'),
  port: keyOption('server.port', 'PORT'),
  announce: keyOption('server.announce', 'true|false'),
  'plain-http-api': keyOption('server.plain_http_api', 'true|false'),
};

export const NODE_OPTIONS: OptionSpecs = {
  name: keyOption('agent.name', 'NAME'),
  'simulate-gpu': keyOption('agent.simulate_gpu', '"NAME:GB"'),
};

export const JOIN_OPTIONS: OptionSpecs = {
  scheduler: keyOption('agent.scheduler', 'ADDRESS'),
  'token-file': keyOption('agent.token_file', 'FILE'),
};

export const JSON_OPTION: OptionSpecs = { json: { value: null, doc: 'Print JSON instead of text.' } };

export const CLIENT_OPTIONS: OptionSpecs = {
  url: {
    value: 'URL',
    doc: 'Address of the scheduler, on another computer with its pin: https://HOST:7080#pin=sha256-.... Default: MUSTER_URL, else the scheduler of this computer: where it runs, or as the configuration describes it.',
  },
  'key-file': {
    value: 'FILE',
    doc: 'File with a key: the owner key, or a key of `muster keys create`. Default: MUSTER_ADMIN_TOKEN_FILE, else the key MUSTER_KEY where an address is given, else the owner key of the scheduler on this computer.',
  },
  'admin-token-file': { value: 'FILE', doc: 'Earlier name of --key-file.' },
  ...JSON_OPTION,
};

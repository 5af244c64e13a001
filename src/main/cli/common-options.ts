// Options that several commands share. Those named like a configuration key's flag override that key.
import { CONFIG_KEYS, type ConfigPath } from '../platform/config/keys';
import type { OptionSpec } from './command';

type OptionSpecs = Readonly<Record<string, OptionSpec>>;

const keyOption = (path: ConfigPath, value: string): OptionSpec => ({ value, doc: `${CONFIG_KEYS[path].doc} (${path})` });

/** Taken by every command. */
export const COMMON_OPTIONS: OptionSpecs = {
  config: { value: 'FILE', doc: 'Configuration file; by default config.toml in the configuration folder, if it is there.' },
  'data-dir': { value: 'DIR', doc: 'Keep everything, the configuration included, in this folder.' },
  'log-level': keyOption('log.level', 'LEVEL'),
  'log-format': keyOption('log.format', 'FORMAT'),
  help: { value: null, doc: 'Say what this command does and takes.' },
};

export const SERVER_OPTIONS: OptionSpecs = {
  host: keyOption('server.host', 'ADDRESS'),
  port: keyOption('server.port', 'PORT'),
};

export const NODE_OPTIONS: OptionSpecs = {
  name: keyOption('agent.name', 'NAME'),
  'simulate-gpu': keyOption('agent.simulate_gpu', '"NAME:GB"'),
};

export const JOIN_OPTIONS: OptionSpecs = {
  scheduler: keyOption('agent.scheduler', 'ADDRESS'),
  'token-file': keyOption('agent.token_file', 'FILE'),
};

export const JSON_OPTION: OptionSpecs = { json: { value: null, doc: 'Write JSON instead of text.' } };

export const CLIENT_OPTIONS: OptionSpecs = {
  url: { value: 'URL', doc: "The scheduler's address. Else MUSTER_URL, else the one this machine's configuration would start." },
  'admin-token-file': {
    value: 'FILE',
    doc: 'File with its admin token; for jobs its submit token is enough. Else MUSTER_ADMIN_TOKEN_FILE, else the token of the scheduler on this machine.',
  },
  ...JSON_OPTION,
};

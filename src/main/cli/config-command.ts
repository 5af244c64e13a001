// `muster config show`: every setting with its effective value and the origin of the value.
import { type ConfigOrigin, originText } from '../platform/config/config-error';
import { CONFIG_PATHS, envNameOf } from '../platform/config/keys';
import type { Command, Invocation } from './command';
import { JOIN_OPTIONS, JSON_OPTION, NODE_OPTIONS, SERVER_OPTIONS } from './common-options';
import { EXIT } from './exit-code';
import { loadCommandSettings, type Settings } from './settings';
import { textTable } from './core/text-table';
import { messageContextOf } from './core/message-context';

export const configCommand: Command = {
  name: 'config',
  summary: 'show: print every setting and where its value comes from.',
  operands: ['show'],
  options: { ...SERVER_OPTIONS, ...JOIN_OPTIONS, ...NODE_OPTIONS, ...JSON_OPTION },
  run: showConfig,
};

async function showConfig(invocation: Invocation): Promise<number> {
  const { io, operands, options } = invocation;
  if (operands[0] !== 'show') {
    io.err(`muster: config: the only subcommand is show. Use: ${messageContextOf(io.env).program} config show\n`);
    return EXIT.usage;
  }
  const settings = await loadCommandSettings(invocation);
  if (!settings.ok) return settings.error;
  io.out(options.isSet('json') ? `${JSON.stringify(asJson(settings.value), null, 2)}\n` : asText(settings.value));
  return EXIT.ok;
}

function asJson({ values, origins, configFile, paths }: Settings): unknown {
  const settings = CONFIG_PATHS.map((key) => ({ key, value: values[key], origin: jsonOrigin(origins[key]), env: envNameOf(key) }));
  return { config_file: configFile, data_dir: paths.dataDir, state_dir: paths.stateDir, settings };
}

function jsonOrigin(origin: ConfigOrigin): unknown {
  return origin.from === 'flag' ? { from: 'flag', name: `--${origin.name}` } : origin;
}

function asText({ values, origins, configFile, paths }: Settings): string {
  const rows = CONFIG_PATHS.map((key) => [key, values[key] === null ? '-' : JSON.stringify(values[key]), originText(origins[key])]);
  return `${textTable(['KEY', 'VALUE', 'FROM'], rows)}\nconfiguration file  ${configFile}\ndata folder         ${paths.dataDir}\nstate folder        ${paths.stateDir}\n`;
}

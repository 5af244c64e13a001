// The files that packages install beside the program: shell completions and the man page.
import { version as VERSION } from '../../../package.json';
import { CONFIG_PATHS } from '../platform/config/keys';
import { COMMANDS } from './commands';
import { CLIENT_OPTIONS, COMMON_OPTIONS, JOIN_OPTIONS, NODE_OPTIONS, SERVER_OPTIONS } from './common-options';
import { bashCompletion } from './core/completions/bash';
import { completedCommands } from './core/completions/choices';
import { fishCompletion } from './core/completions/fish';
import { zshCompletion } from './core/completions/zsh';
import { manPage } from './core/man-page';
import { EXIT, EXIT_MEANINGS } from './exit-code';

/** Text of each file by its name. The one that ends in `.gz` is compressed when it is written. */
export function cliPages(): Readonly<Record<'muster.bash' | '_muster' | 'muster.fish' | 'muster.1.gz', string>> {
  const commands = completedCommands(COMMANDS, COMMON_OPTIONS, { KEY: CONFIG_PATHS });
  return {
    'muster.bash': bashCompletion(commands),
    _muster: zshCompletion(commands),
    'muster.fish': fishCompletion(commands),
    'muster.1.gz': manPage({
      version: VERSION,
      commands: COMMANDS,
      common: COMMON_OPTIONS,
      groups: [
        { title: 'scheduler', options: SERVER_OPTIONS },
        { title: 'node', options: NODE_OPTIONS },
        { title: 'agent', options: JOIN_OPTIONS },
        { title: 'client', options: CLIENT_OPTIONS },
      ],
      exitCodes: Object.entries(EXIT).map(([name, code]) => [code, EXIT_MEANINGS[name as keyof typeof EXIT]]),
    }),
  };
}

// `muster install-update`: the app runs it as root. It is no command for a person, so it is not in the table of commands.
import { INSTALL_COMMAND } from '../updates/core/install-refusal';
import { installUpdate, type InstallSettings } from '../updates/install-update';
import type { Command } from './command';

export const installUpdateCommand = (settings: InstallSettings): Command => ({
  name: INSTALL_COMMAND,
  summary: 'Verify the package of an update, and install it. The desktop app runs this command as root.',
  operands: ['METADATA', 'SIGNATURE', 'PACKAGE'],
  options: {},
  run: ({ io, operands: [metadata = '', signature = '', packed = ''] }) =>
    installUpdate(settings, { metadata, signature, package: packed }, (line) => {
      io.err(line);
    }),
});

// `muster backup` and `muster restore`: the pool of this computer as a folder of files. Loaded on demand, because both use the database.
import type { Command } from './command';
import { CLIENT_OPTIONS } from './common-options';

export const backupCommand: Command = {
  name: 'backup',
  summary: 'Copy the pool of this computer to a folder: its CA, keys, members, jobs and owner key.',
  operands: ['FOLDER'],
  options: CLIENT_OPTIONS,
  run: async (invocation) => (await import('./run-backup')).runBackup(invocation),
};

export const restoreCommand: Command = {
  name: 'restore',
  summary: 'Restore the pool of a backup on this computer.',
  operands: ['FOLDER'],
  options: { force: { value: null, doc: 'Replace the pool of this computer. Its files are moved to a folder in the data folder.' } },
  run: async (invocation) => (await import('./run-restore')).runRestore(invocation),
};

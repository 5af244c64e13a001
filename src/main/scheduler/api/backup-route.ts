// Copies of the databases, for `muster backup` on the computer of the scheduler.
import { type BackupAnswer, backupAnswerSchema } from '../../../shared/api/members';
import type { Result } from '../../../shared/result';
import { errorCodeAnswer, json, route, type Route } from './route';

/** `database_server`: the databases are not files, and have backups of their own. */
export type MakeBackup = () => Promise<Result<BackupAnswer, 'backup_running' | 'database_server' | 'write_failed'>>;

export const backupRoute = (makeBackup: MakeBackup): Route =>
  route({
    method: 'POST',
    path: '/api/v1/backup',
    access: 'manage',
    act: 'pool.backup',
    summary: 'Copies the databases to a new folder below the data folder, for muster backup.',
    answers: { schema: { name: 'BackupCopies', schema: backupAnswerSchema } },
    errors: ['INVALID_STATE'],
    async handle() {
      const made = await makeBackup();
      if (made.ok) return json(made.value);
      return made.error === 'write_failed' ? errorCodeAnswer('INTERNAL_ERROR') : errorCodeAnswer('INVALID_STATE', { reason: made.error });
    },
  });

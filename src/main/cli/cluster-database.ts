// The database of a cluster as the configuration names it, with the password from its file or from the environment.
import { readFile } from 'node:fs/promises';
import { reasonOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import type { ClusterConfig } from '../platform/config/config';
import { type DatabaseTarget, parseDatabaseUrl } from '../scheduler/database/postgres/core/database-url';
import type { CliIo } from './command';
import type { StartFailure } from './daemon';
import { EXIT } from './exit-code';

export async function clusterDatabase(
  { databaseUrl, databasePasswordFile }: ClusterConfig,
  env: CliIo['env'],
): Promise<Result<DatabaseTarget, StartFailure>> {
  const target = parseDatabaseUrl(databaseUrl);
  if (!target.ok)
    return fail({
      exitCode: EXIT.failure,
      code: 'DATABASE_URL_INVALID',
      details: { part: target.error },
      message: `cluster.database_url cannot be used: its part "${target.error}" is not valid`,
    });
  if (databasePasswordFile === null) return ok({ ...target.value, password: env['PGPASSWORD'] ?? null });
  try {
    return ok({ ...target.value, password: (await readFile(databasePasswordFile, 'utf8')).trim() });
  } catch (error) {
    const reason = reasonOfError(error);
    return fail({
      exitCode: EXIT.failure,
      code: 'PASSWORD_FILE_UNUSABLE',
      details: { file: databasePasswordFile, reason },
      message: `the password file ${databasePasswordFile} cannot be read (${reason})`,
    });
  }
}

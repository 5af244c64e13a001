// Which tokens a scheduler asks for: none when only this machine can reach it, else its own from files in the data folder
// (api §1, Access). The log names the files, never what is in them.
import { fail, ok, type Result } from '../../shared/result';
import type { ServerConfig } from '../platform/config/config';
import type { LogFields } from '../platform/logger';
import type { MusterPaths } from '../platform/paths';
import { loadOrCreateToken, type OwnToken, type TokenFileError } from '../platform/token-file';
import { isLoopbackHost } from './bind-address';
import type { StartFailure } from './daemon';
import { EXIT } from './exit-code';

export interface SchedulerTokens {
  readonly join: string | null;
  readonly admin: string | null;
  /** What is to be said in the log once it listens: event and fields. */
  readonly notes: readonly (readonly [level: 'info' | 'warn', event: string, fields: LogFields])[];
}

export async function schedulerTokens(server: ServerConfig, paths: MusterPaths): Promise<Result<SchedulerTokens, StartFailure>> {
  if (isLoopbackHost(server.host)) return ok({ join: null, admin: null, notes: [] });
  const admin = await loadOrCreateToken(paths.adminTokenFile);
  if (!admin.ok) return fail(tokenFailure(admin.error));
  const adminNotes = notesOf('admin', paths.adminTokenFile, admin.value);
  if (server.allowOpenLan) {
    return ok({ join: null, admin: admin.value.token, notes: [...adminNotes, ['warn', 'open_lan', { host: server.host }]] });
  }
  const join = await loadOrCreateToken(paths.joinTokenFile);
  if (!join.ok) return fail(tokenFailure(join.error));
  return ok({
    join: join.value.token,
    admin: admin.value.token,
    notes: [...notesOf('join', paths.joinTokenFile, join.value), ...adminNotes],
  });
}

function notesOf(role: 'join' | 'admin', file: string, { created, wasExposed }: OwnToken): SchedulerTokens['notes'] {
  const required = ['info', 'token_required', { role, file, created }] as const;
  return wasExposed ? [required, ['warn', 'token_file_was_readable_by_others', { role, file }]] : [required];
}

const tokenFailure = ({ file, code, reason }: TokenFileError): StartFailure => ({
  exitCode: EXIT.failure,
  code: 'TOKEN_FILE_UNUSABLE',
  details: { file, reason: code },
  message: `the token file ${file}: ${reason}`,
});

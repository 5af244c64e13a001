// Which tokens a scheduler requires: none when only this computer can reach it, else tokens from files in the data folder
// (api §1, Access). The log names the files, never the tokens.
import { fail, ok, type Result } from '../../shared/result';
import type { ServerConfig } from '../platform/config/config';
import type { LogFields } from '../platform/logger';
import type { MusterPaths } from '../platform/paths';
import { loadOrCreateToken, type OwnToken, type TokenFileError } from '../platform/token-file';
import { isLoopbackHost } from '../../shared/loopback';
import type { StartFailure } from './daemon';
import { EXIT } from './exit-code';

export interface SchedulerTokens {
  readonly join: string | null;
  readonly admin: string | null;
  readonly submit: string | null;
  /** Log lines to write when the scheduler listens. */
  readonly logLines: readonly LogLine[];
}

type LogLine = readonly [level: 'info' | 'warn', event: string, fields: LogFields];
type Role = 'join' | 'admin' | 'submit';

export async function schedulerTokens(server: ServerConfig, paths: MusterPaths): Promise<Result<SchedulerTokens, StartFailure>> {
  const tokens: Record<Role, string | null> = { join: null, admin: null, submit: null };
  const logLines: LogLine[] = [];
  if (isLoopbackHost(server.host)) return ok({ ...tokens, logLines });
  const files: readonly (readonly [Role, string])[] = [
    ...(server.allowOpenLan ? [] : [['join', paths.joinTokenFile] as const]),
    ['admin', paths.adminTokenFile],
    ['submit', paths.submitTokenFile],
  ];
  for (const [role, file] of files) {
    const own = await loadOrCreateToken(file);
    if (!own.ok) return fail(tokenFailure(own.error));
    tokens[role] = own.value.token;
    logLines.push(...logLinesOf(role, file, own.value));
  }
  if (server.allowOpenLan) logLines.push(['warn', 'open_lan', { host: server.host }]);
  return ok({ ...tokens, logLines });
}

function logLinesOf(role: Role, file: string, { created, wasExposed }: OwnToken): readonly LogLine[] {
  const required: LogLine = ['info', 'token_required', { role, file, created }];
  return wasExposed ? [required, ['warn', 'token_file_was_readable_by_others', { role, file }]] : [required];
}

const tokenFailure = ({ file, code, reason }: TokenFileError): StartFailure => ({
  exitCode: EXIT.failure,
  code: 'TOKEN_FILE_UNUSABLE',
  details: { file, reason: code },
  message: `the token file ${file}: ${reason}`,
});

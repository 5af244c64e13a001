// Where a client command sends its request, with which token, and which exit code an answer means.
import type { AppError } from '../../shared/api/app-api';
import { httpUrlOf, parsePoolAddress } from '../../shared/api/join-link';
import type { Language } from '../../shared/language';
import { fail, ok, type Result } from '../../shared/result';
import { readToken } from '../platform/token-file';
import { isLoopbackHost, localHostOf } from '../../shared/loopback';
import type { Invocation } from './command';
import { EXIT } from './exit-code';
import { type CliFailure, configFailure, loadSettings, type Settings } from './settings';
import { printable } from './core/text-table';
import { type Wording, wordingOf } from './core/labels';

export interface SchedulerPlace {
  readonly baseUrl: string;
  readonly token: string | null;
  /** The terminal's, for the messages of errors. */
  readonly language: Language;
  readonly settings: Settings;
}

/** The scheduler that is meant, or why there is none. */
export async function findScheduler(invocation: Invocation): Promise<Result<SchedulerPlace, CliFailure>> {
  const settings = await loadSettings(invocation);
  if (!settings.ok) return fail(configFailure(settings.error));
  const { io, options } = invocation;
  const named = options.text('url') ?? nonEmpty(io.env['MUSTER_URL']);
  const { host, port } = settings.value.config.server;
  if (named === undefined && port === 0)
    return fail({ exitCode: EXIT.usage, message: 'server.port is 0: say where the scheduler is with --url or MUSTER_URL' });

  const target = named === undefined ? ok({ host: localHostOf(host), port, secure: false, token: null }) : parsePoolAddress(named);
  if (!target.ok)
    return fail({ exitCode: EXIT.usage, message: `--url or MUSTER_URL is not an address such as http://127.0.0.1:7080 (${target.error})` });
  const isHere = named === undefined || isLoopbackHost(target.value.host);
  const token = await adminToken(invocation, settings.value, isHere);
  if (!token.ok) return token;
  return ok({ baseUrl: httpUrlOf(target.value), token: token.value, language: wordingOf(io.env).language, settings: settings.value });
}

/** The token of the scheduler on this machine is sent to this machine only. */
async function adminToken({ io, options }: Invocation, { paths }: Settings, isHere: boolean): Promise<Result<string | null, CliFailure>> {
  const named = options.text('admin-token-file') ?? nonEmpty(io.env['MUSTER_ADMIN_TOKEN_FILE']);
  if (named === undefined && !isHere) return ok(null);
  const file = named ?? paths.adminTokenFile;
  const token = await readToken(file);
  if (token.ok) return ok(token.value);
  if (named === undefined) return ok(null);
  return fail({ exitCode: EXIT.usage, message: `the admin token file ${file}: ${token.error.reason}` });
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

/** Why a node cannot be drained or resumed now, or a job not shown or cancelled, and what can be done. */
const REFUSALS: ReadonlyMap<string, (wording: Wording) => string> = new Map<string, (wording: Wording) => string>([
  ['unknown_node', ({ program, where }) => `no node has this id; ${program} nodes${where} lists them`],
  ['unknown_job', ({ program, where }) => `no job has this id, or it ended long ago; ${program} jobs${where} lists the newest`],
  ['already_ended', () => 'it has ended already, so there is nothing to cancel'],
  ['node_offline', () => 'it is offline; only a node that is there can be drained'],
  ['already_drained', ({ program, where }) => `it is drained already; ${program} resume${where} takes it back`],
  ['not_drained', () => 'it is neither draining nor drained, so there is nothing to resume'],
  ['not_connected', () => 'it is not connected; it can be resumed when it is back'],
]);

export const TOKEN_HINT = '; name the file of its admin token, or for jobs of its submit token, with --admin-token-file';

/** Something answers there, and not as a scheduler of this version does. */
export const noScheduler = (baseUrl: string, reason?: string): CliFailure => ({
  exitCode: EXIT.unreachable,
  message: `what answers at ${baseUrl} is no scheduler, or one of another version${reason === undefined ? '' : ` (${printable(reason)})`}`,
});

/** What a failed request means, in words and as an exit code. */
export function requestFailure(error: AppError, baseUrl: string, wording: Wording): CliFailure {
  const { code, details } = error;
  if (code === 'DISCONNECTED') return noAnswer(String(details?.['cause'] ?? 'no answer'), baseUrl, wording);
  // A scheduler's own fault has no details: these are about an answer that could not be read.
  if (code === 'INTERNAL_ERROR' && details !== null) return noScheduler(baseUrl, String(details['reason']));
  const refusal = REFUSALS.get(String(details?.['reason']));
  if (refusal !== undefined)
    return { exitCode: EXIT.refused, message: `${String(details?.['node_id'] ?? details?.['job_id'])}: ${refusal(wording)}` };
  const hint = code === 'UNAUTHORIZED' ? TOKEN_HINT : code === 'FORBIDDEN' ? '; name its admin token with --admin-token-file' : '';
  return {
    exitCode: code === 'INTERNAL_ERROR' ? EXIT.failure : EXIT.refused,
    message: `${code}: ${error.message}${details === null ? '' : ` ${JSON.stringify(details)}`}${hint}`,
  };
}

function noAnswer(cause: string, baseUrl: string, { program }: Wording): CliFailure {
  if (cause === 'SyntaxError') return noScheduler(baseUrl, 'not JSON');
  if (cause === 'TimeoutError') return { exitCode: EXIT.timeout, message: `the scheduler at ${baseUrl} did not answer in time` };
  const message = `no scheduler can be reached at ${baseUrl} (${cause}); start one with: ${program} pool, or name it with --url`;
  return { exitCode: EXIT.unreachable, message };
}

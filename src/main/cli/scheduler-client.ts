// The scheduler that a client command talks to, the token it sends, and the message and exit code of a failed request.
import type { AppError } from '../../shared/api/app-api';
import { httpUrlOf, parsePoolAddress } from '../../shared/api/join-link';
import { fail, ok, type Result } from '../../shared/result';
import { readToken } from '../platform/token-file';
import { isLoopbackHost, localHostOf } from './bind-address';
import type { Invocation } from './command';
import { EXIT } from './exit-code';
import { type CliFailure, configFailure, loadSettings, type Settings } from './settings';
import { printable } from './core/text-table';
import { inLanguage, type MessageContext } from './core/message-context';

export interface SchedulerEndpoint {
  readonly baseUrl: string;
  readonly token: string | null;
  readonly settings: Settings;
}

/** The scheduler that flags, environment or configuration name. */
export async function findScheduler(invocation: Invocation): Promise<Result<SchedulerEndpoint, CliFailure>> {
  const settings = await loadSettings(invocation);
  if (!settings.ok) return fail(configFailure(settings.error));
  const { io, options } = invocation;
  const named = options.text('url') ?? nonEmpty(io.env['MUSTER_URL']);
  const { host, port } = settings.value.config.server;
  if (named === undefined && port === 0)
    return fail({ exitCode: EXIT.usage, message: 'server.port is 0: give the address of the scheduler with --url or MUSTER_URL' });

  const target = named === undefined ? ok({ host: localHostOf(host), port, secure: false, token: null }) : parsePoolAddress(named);
  if (!target.ok)
    return fail({ exitCode: EXIT.usage, message: `--url or MUSTER_URL is not an address such as http://127.0.0.1:7080 (${target.error})` });
  const isHere = named === undefined || isLoopbackHost(target.value.host);
  const token = await adminToken(invocation, settings.value, isHere);
  return token.ok ? ok({ baseUrl: httpUrlOf(target.value), token: token.value, settings: settings.value }) : token;
}

/** The token of the scheduler on this computer is sent to this computer only. */
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

/** Reasons for a refused request: what is the case and what the user can do. `id`: the node or job. */
type RefusalText = (id: string, context: MessageContext) => string;
const REFUSALS: ReadonlyMap<string, RefusalText> = new Map<string, RefusalText>([
  ['unknown_node', (_id, { program, schedulerFlags }) => `no node has this ID; list the nodes with: ${program} nodes${schedulerFlags}`],
  [
    'unknown_job',
    (_id, { program, schedulerFlags }) => `no job has this ID, or it was removed; list the jobs with: ${program} jobs${schedulerFlags}`,
  ],
  ['already_ended', () => 'the job has already ended'],
  ['node_offline', () => 'the node is offline; only a connected node can be drained'],
  [
    'already_drained',
    (id, { program, schedulerFlags }) => `the node is already drained; resume it with: ${program} resume ${id}${schedulerFlags}`,
  ],
  ['not_drained', () => 'the node is neither draining nor drained'],
  ['not_connected', () => 'the node is not connected; resume it when it is connected again'],
]);

export const TOKEN_HINT = '. Use --admin-token-file with a file that has the admin token (for jobs, the submit token is enough)';

/** A program answers at the address, but not as a scheduler of this version does. */
export const noScheduler = (baseUrl: string, reason?: string): CliFailure => ({
  exitCode: EXIT.unreachable,
  message: `the program at ${baseUrl} is not a scheduler of this version${reason === undefined ? '' : ` (${printable(reason)})`}`,
});

/** The message and the exit code of a failed request. */
export function requestFailure(error: AppError, baseUrl: string, context: MessageContext): CliFailure {
  const { code, details } = error;
  if (code === 'DISCONNECTED') return noAnswer(String(details?.['cause'] ?? 'no answer'), baseUrl, context);
  // An internal error of the scheduler has no details. These details are about an answer that the client could not read.
  if (code === 'INTERNAL_ERROR' && details !== null) return noScheduler(baseUrl, String(details['reason']));
  const refusal = REFUSALS.get(String(details?.['reason']));
  if (refusal !== undefined) {
    const id = String(details?.['node_id'] ?? details?.['job_id']);
    return { exitCode: EXIT.refused, message: `${id}: ${refusal(id, context)}` };
  }
  const hint =
    code === 'UNAUTHORIZED' ? TOKEN_HINT : code === 'FORBIDDEN' ? '. Use --admin-token-file with a file that has the admin token' : '';
  return {
    exitCode: code === 'INTERNAL_ERROR' ? EXIT.failure : EXIT.refused,
    message: `${code}: ${inLanguage(error.message, context)}${details === null ? '' : ` ${JSON.stringify(details)}`}${hint}`,
  };
}

function noAnswer(cause: string, baseUrl: string, { program }: MessageContext): CliFailure {
  if (cause === 'SyntaxError') return noScheduler(baseUrl, 'not JSON');
  if (cause === 'TimeoutError') return { exitCode: EXIT.timeout, message: `the scheduler at ${baseUrl} did not answer in time` };
  const message = `no scheduler can be reached at ${baseUrl} (${cause}). Start one with: ${program} pool. Or give another address with --url`;
  return { exitCode: EXIT.unreachable, message };
}

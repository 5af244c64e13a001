// Where a client command sends its request, with which token, and which exit code an answer means.
import type { AppError } from '../../shared/api/app-api';
import { httpUrlOf, parsePoolAddress } from '../../shared/api/join-link';
import { fail, ok, type Result } from '../../shared/result';
import { readToken } from '../platform/token-file';
import { isLoopbackHost, localHostOf } from './bind-address';
import type { Invocation } from './command';
import { EXIT } from './exit-code';
import { type CliFailure, configFailure, loadSettings, type Settings } from './settings';

export interface SchedulerPlace {
  readonly baseUrl: string;
  readonly token: string | null;
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
  return token.ok ? ok({ baseUrl: httpUrlOf(target.value), token: token.value, settings: settings.value }) : token;
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
const REFUSALS: ReadonlyMap<string, string> = new Map([
  ['unknown_node', 'no node has this id; muster nodes lists them'],
  ['unknown_job', 'no job has this id, or it ended long ago; muster jobs lists the newest'],
  ['already_ended', 'it has ended already, so there is nothing to cancel'],
  ['node_offline', 'it is offline; only a node that is there can be drained'],
  ['already_drained', 'it is drained already; muster resume takes it back'],
  ['not_drained', 'it is neither draining nor drained, so there is nothing to resume'],
  ['not_connected', 'it is not connected; it can be resumed when it is back'],
]);

/** What a failed request means, in words and as an exit code. */
export function requestFailure(error: AppError, baseUrl: string): CliFailure {
  if (error.code === 'DISCONNECTED') {
    const cause = String(error.details?.['cause'] ?? 'no answer');
    const late = cause === 'TimeoutError';
    return late
      ? { exitCode: EXIT.timeout, message: `the scheduler at ${baseUrl} did not answer in time` }
      : {
          exitCode: EXIT.unreachable,
          message: `no scheduler can be reached at ${baseUrl} (${cause}); start one with: muster pool, or name it with --url`,
        };
  }
  const refusal = REFUSALS.get(String(error.details?.['reason']));
  if (refusal !== undefined) return { exitCode: EXIT.refused, message: `${String(error.details?.['node_id'] ?? error.details?.['job_id'])}: ${refusal}` };
  const hint = error.code === 'UNAUTHORIZED' || error.code === 'FORBIDDEN' ? '; name its admin token with --admin-token-file' : '';
  const details = error.details === null ? '' : ` ${JSON.stringify(error.details)}`;
  return {
    exitCode: error.code === 'INTERNAL_ERROR' ? EXIT.failure : EXIT.refused,
    message: `${error.code}: ${error.message}${details}${hint}`,
  };
}

// The message and the exit code of a failed request to a scheduler.
import { z } from 'zod';
import type { AppError } from '../../shared/api/app-api';
import type { Localized } from '../../shared/language';
import { NOT_JSON } from '../scheduler-client/http-client';
import type { MessageContext } from './core/message-context';
import { printable } from './core/text-table';
import { EXIT } from './exit-code';
import type { CliFailure } from './settings';

/** Reasons for a refused request: what is the case and what the user can do. `id`: the node, job, member, invitation or key. */
type RefusalText = (id: string, context: MessageContext, details: AppError['details']) => string;
const REFUSALS: ReadonlyMap<string, RefusalText> = new Map<string, RefusalText>([
  ['unknown_node', (_id, { program, schedulerFlags }) => `no node has this ID; list the nodes with: ${program} nodes${schedulerFlags}`],
  [
    'unknown_job',
    (_id, { program, schedulerFlags }) => `no job has this ID, or it was removed; list the jobs with: ${program} jobs${schedulerFlags}`,
  ],
  [
    'unknown_join_request',
    (_id, { program, schedulerFlags }) =>
      `no request to join has this ID, or it has ended; list the requests with: ${program} pending${schedulerFlags}`,
  ],
  [
    'name_taken',
    (_id, { program, schedulerFlags }) =>
      `a key with this name exists; choose another name, or revoke that key with: ${program} keys revoke NAME${schedulerFlags}`,
  ],
  [
    'too_many_keys',
    (_id, { program, schedulerFlags }, details) =>
      `this computer has ${textOf(details?.['max'])} valid keys, and may not have more; revoke one with: ${program} keys revoke NAME${schedulerFlags}`,
  ],
  ['only_members_make_keys', () => 'a key of a program makes no keys; only the owner and computers that joined the pool do'],
  [
    'unknown_credential',
    (_id, { program, schedulerFlags }) =>
      `no member or invitation has this ID; list the members and invitations with: ${program} members${schedulerFlags}`,
  ],
  [
    'several_members',
    (_id, { program, schedulerFlags }) =>
      `several members have this name; give the ID of one. List them with: ${program} members${schedulerFlags}`,
  ],
  [
    'open_invitation',
    (_id, { program, schedulerFlags }, details) => {
      const ids = z.array(z.string()).catch([]).parse(details?.['invitations']);
      const commands = ids.map((id) => `${program} revoke ${printable(id)}${schedulerFlags}`);
      return `no member has this name, but an open invitation; withdraw it with: ${commands.join('; ')}`;
    },
  ],
  [
    'unknown_key',
    (_id, { program, schedulerFlags }) => `no key has this name or ID; list the keys with: ${program} keys list${schedulerFlags}`,
  ],
  ['already_ended', () => 'the job has already ended'],
  ['not_ended', () => 'the job has not ended'],
  ['succeeded', () => 'the job succeeded; only a job that failed, expired or was cancelled is retried'],
  ['key_not_valid', () => 'the key that sent this job is not valid any more; submit the job again with another key'],
  ['payload_not_kept', () => 'the request of this job is not kept, because a client waited for its answer; submit it again'],
  ['node_offline', () => 'the node is offline; only a connected node can be drained'],
  [
    'already_drained',
    (id, { program, schedulerFlags }) => `the node is already drained; resume it with: ${program} resume ${id}${schedulerFlags}`,
  ],
  ['not_drained', () => 'the node is neither draining nor drained'],
  ['paused_by_owner', () => 'the owner of the node paused it; only the owner can resume it'],
  ['not_a_cluster', () => 'the scheduler is alone; a cluster has several schedulers with one database'],
  ['no_other_member', () => 'no other scheduler of the cluster runs, so none could lead'],
  ['not_quarantined', () => 'the node is not quarantined'],
  ['not_connected', () => 'the node is not connected; resume it when it is connected again'],
]);

const DATABASE_SERVER: Localized = {
  en: 'this pool is in a PostgreSQL database; back it up with the tools of the database, such as pg_dump',
  zh: '此算力池的数据在 PostgreSQL 数据库中；请使用数据库自带的工具备份，例如 pg_dump',
};

const BACKUP_RUNNING: Localized = {
  en: 'the scheduler makes another backup now; try again when it has ended',
  zh: '调度器正在创建另一个备份；请在其完成后重试',
};

export const tokenHint = ({ program }: MessageContext): string =>
  `. Use --key-file with a file that has the owner key, or a key of: ${program} keys create`;

/** A program answers at the address, but not as a scheduler of this version does. */
export const noScheduler = (baseUrl: string, reason?: string): CliFailure => ({
  exitCode: EXIT.unreachable,
  message: `the program at ${baseUrl} is not a scheduler of this version${reason === undefined ? '' : ` (${printable(reason)})`}`,
});

/** Details are JSON values. */
const textOf = (detail: unknown): string => (typeof detail === 'string' ? detail : detail === undefined ? '' : JSON.stringify(detail));

/** Why a connection failed, such as ECONNREFUSED. */
export const causeIn = ({ details }: AppError): string => textOf(details?.['cause'] ?? 'no answer');

const startHint = ({ program }: MessageContext): string => `. Start one with: ${program} pool. Or give another address with --url`;

/** The message and the exit code of a failed request. `unreachableHint`: what the user can do when no scheduler can be reached. */
export function requestFailure(
  error: AppError,
  baseUrl: string,
  context: MessageContext,
  unreachableHint = startHint(context),
): CliFailure {
  const { code, details } = error;
  if (code === 'DISCONNECTED') return noAnswer(causeIn(error), baseUrl, context, unreachableHint);
  // An internal error of the scheduler has no details. These details are about an answer that the client could not read.
  if (code === 'INTERNAL_ERROR' && details !== null) return noScheduler(baseUrl, textOf(details['reason']));
  if (details?.['reason'] === 'database_server') return { exitCode: EXIT.refused, message: DATABASE_SERVER[context.language] };
  if (details?.['reason'] === 'backup_running') return { exitCode: EXIT.refused, message: BACKUP_RUNNING[context.language] };
  const refusal = REFUSALS.get(textOf(details?.['reason']));
  if (refusal !== undefined) {
    const id = printable(textOf(details?.['node_id'] ?? details?.['job_id'] ?? details?.['request_id'] ?? details?.['id']));
    return { exitCode: EXIT.refused, message: `${id === '' ? '' : `${id}: `}${refusal(id, context, details)}` };
  }
  const hint =
    code === 'UNAUTHORIZED' || code === 'REVOKED' ? tokenHint(context) : code === 'FORBIDDEN' ? '. Use a key with another role' : '';
  return {
    exitCode: code === 'INTERNAL_ERROR' ? EXIT.failure : EXIT.refused,
    message: `${code}: ${error.message}${details === null ? '' : ` ${JSON.stringify(details)}`}${hint}`,
  };
}

/** Answers that no scheduler gives. */
const UNREADABLE: ReadonlyMap<string, string> = new Map([
  [NOT_JSON, 'not JSON'],
  ['answer_too_large', 'the answer is too large'],
  ['answer_compressed', 'the answer is compressed'],
]);

/** Causes of a failed first contact with a pool, and of a certificate that this system does not trust. */
const UNTRUSTED: ReadonlyMap<string, string> = new Map([
  ['not_the_pool', 'another program answers there, not the pool with this pin. Nothing was sent. Use a current join link'],
  ['not_valid_now', 'the certificate of the pool is not valid at this time; check the date and time of both computers'],
  ['certificate', 'this computer does not trust the certificate; add the pin of the pool to the address: #pin=sha256-...'],
]);

/** The program at a port of this computer did not prove to know the secret (ADR 0023). */
const NOT_PROVEN: Localized = {
  en: 'another program answers on {address}; it does not know the key of this pool. The key was not sent. Start the pool again, or check the address',
  zh: '在 {address} 响应的是另一个程序，它不知道此算力池的密钥。未发送密钥。请重新启动算力池，或检查地址',
};

function noAnswer(cause: string, baseUrl: string, { language }: MessageContext, unreachableHint: string): CliFailure {
  if (cause === 'not_proven')
    return { exitCode: EXIT.refused, message: NOT_PROVEN[language].replace('{address}', baseUrl.replace(/^http:\/\//, '')) };
  const unreadable = UNREADABLE.get(cause);
  if (unreadable !== undefined) return noScheduler(baseUrl, unreadable);
  const untrusted = UNTRUSTED.get(cause) ?? (/CERT|UNABLE_TO_|ALTNAME/.test(cause) ? UNTRUSTED.get('certificate') : undefined);
  if (untrusted !== undefined) return { exitCode: EXIT.unreachable, message: `${baseUrl}: ${untrusted}` };
  if (cause === 'TimeoutError') return { exitCode: EXIT.timeout, message: `the scheduler at ${baseUrl} did not answer in time` };
  const message = `no scheduler can be reached at ${baseUrl} (${cause})${unreachableHint}`;
  return { exitCode: EXIT.unreachable, message };
}

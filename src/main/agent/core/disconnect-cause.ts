// Maps Node.js errors, HTTP statuses and close codes to one code: why a connection failed or ended.
import { codeOfError } from '../../../shared/errors';

const BY_ERROR_CODE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  ENOTFOUND: 'name_not_found',
  EAI_AGAIN: 'name_not_found',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  ENETDOWN: 'unreachable',
  ECONNRESET: 'connection_lost',
  EPIPE: 'connection_lost',
  EACCES: 'blocked',
  EPERM: 'blocked',
  not_proven: 'not_proven',
};

/** The cause of a failure before or after the handshake. With several addresses, the failure of the first one counts. */
export function causeOfError(error: unknown): string {
  const first = error instanceof AggregateError ? (error.errors as readonly unknown[])[0] : error;
  const code = codeOfError(first) ?? '';
  const cause = BY_ERROR_CODE[code];
  if (cause !== undefined) return cause;
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_|EPROTO/.test(code)) return 'tls';
  if (code.startsWith('HPE_') || (first instanceof Error && /sec-websocket|upgrade header/i.test(first.message))) return 'not_a_scheduler';
  return 'network';
}

/** The cause of a failed first contact with a pool (`trust/first-contact.ts`). */
export const causeOfContact = (fault: { readonly code: string; readonly cause?: string }): string =>
  fault.code === 'failed' ? causeOfError({ code: fault.cause }) : fault.code;

/** The cause for a close code of the WebSocket, e.g. `closed_4004`. */
export function causeOfClose(code: number): string {
  if (code === 1001) return 'scheduler_stopping';
  if (code === 1006) return 'connection_lost';
  return `closed_${String(code)}`;
}

/** The cause for a response other than the upgrade, e.g. `http_503`. */
export const causeOfHttpStatus = (status: number): string => `http_${String(status)}`;

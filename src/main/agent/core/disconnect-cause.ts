// Why a connection failed or ended, as one code for the link view: from Node's errors, HTTP statuses and close codes. Pure.

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
};

/** A failure before or after the handshake. With several addresses tried, the first one's failure counts. */
export function causeOfError(error: unknown): string {
  const first = error instanceof AggregateError ? (error.errors as readonly unknown[])[0] : error;
  const code = hasCode(first) ? first.code : '';
  const cause = BY_ERROR_CODE[code];
  if (cause !== undefined) return cause;
  if (/CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_/.test(code)) return 'tls';
  if (code.startsWith('HPE_') || (first instanceof Error && /sec-websocket|upgrade header/i.test(first.message))) return 'not_a_scheduler';
  return 'network';
}

/** A close code of the WebSocket, e.g. `closed_4004`. */
export function causeOfClose(code: number): string {
  if (code === 1001) return 'scheduler_stopping';
  if (code === 1006) return 'connection_lost';
  return `closed_${String(code)}`;
}

/** An answer other than the upgrade, e.g. `http_503`. */
export const causeOfHttpStatus = (status: number): string => `http_${String(status)}`;

function hasCode(error: unknown): error is { readonly code: string } {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string';
}

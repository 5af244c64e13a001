// Which fault of the bus an error of the NATS client is. The client has classes for some errors; those of sockets and TLS have codes.
import type { BusFault } from '../bus';

export interface NatsError {
  readonly name: string;
  readonly message: string;
  readonly code: string | null;
  /** Of a permission violation. */
  readonly operation?: unknown;
  readonly subject?: unknown;
}

const AUTH = new Set(['AuthorizationError', 'UserAuthenticationExpiredError']);
const TLS = /^(?:ERR_TLS|ERR_SSL|CERT_|SELF_SIGNED_|DEPTH_ZERO_|UNABLE_TO_|HOSTNAME_MISMATCH)/;
const TLS_TEXT = /certificate|does not support 'tls'|\btls\b|ssl/i;
/** The client takes `tls: null`, which forbids TLS, for an object when the server demands TLS. */
const TLS_DEMANDED = /certFile/;

export function faultOf({ name, message, code, operation, subject }: NatsError): BusFault {
  if (name === 'PermissionViolationError' && typeof subject === 'string')
    return { type: 'permission', operation: operation === 'publish' ? 'publish' : 'subscribe', subject };
  if (AUTH.has(name)) return { type: 'auth', reason: message };
  if (TLS_DEMANDED.test(message)) return { type: 'tls', reason: 'the server demands TLS: its address is tls://' };
  if ((code !== null && TLS.test(code)) || TLS_TEXT.test(message)) return { type: 'tls', reason: code ?? message };
  return { type: 'unreachable', reason: code ?? message };
}

// The token in `Authorization: Bearer ...`, or in `x-api-key`, as clients of the Messages API send it.
import type { IncomingHttpHeaders } from 'node:http';

/** Null: the request has no token. */
export function bearerToken(headers: IncomingHttpHeaders): string | null {
  const key = headers['x-api-key'];
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? (typeof key === 'string' && /^\S+$/.test(key) ? key : null);
}

// The token in `Authorization: Bearer ...`.
import type { IncomingHttpHeaders } from 'node:http';

/** Null: the request has no token. */
export function bearerToken(headers: IncomingHttpHeaders): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

// Tokens in `Authorization: Bearer ...`, compared without telling by the time it takes how much of one was right.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Null: none was sent. */
export function bearerToken(headers: IncomingHttpHeaders): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

export const sameToken = (given: string | null, wanted: string): boolean =>
  given !== null && timingSafeEqual(digest(given), digest(wanted));

/** Equal lengths for the comparison, whatever was sent. */
const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

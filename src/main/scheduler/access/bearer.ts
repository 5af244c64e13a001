// Tokens in `Authorization: Bearer ...`, and the role of a token (docs/api.md). The comparison takes the same time for every
// wrong token.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Null: the request has no token. */
export function bearerToken(headers: IncomingHttpHeaders): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

export const sameToken = (given: string | null, expected: string): boolean =>
  given !== null && timingSafeEqual(digest(given), digest(expected));

/** Null: this token is not set, and no request gets its role. */
export interface AccessTokens {
  readonly admin: string | null;
  /** For submitting jobs, and for reading and cancelling jobs whose ids the client knows. */
  readonly submit: string | null;
}

export type Role = 'operator' | 'submitter';

/** Null: the request has no valid token. */
export function roleOf(headers: IncomingHttpHeaders, { admin, submit }: AccessTokens): Role | null {
  const given = bearerToken(headers);
  if (admin !== null && sameToken(given, admin)) return 'operator';
  return submit !== null && sameToken(given, submit) ? 'submitter' : null;
}

/** Makes both tokens equally long, as `timingSafeEqual` requires. */
const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

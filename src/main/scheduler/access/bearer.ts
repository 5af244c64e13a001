// Tokens in `Authorization: Bearer ...`, compared without telling by the time it takes how much of one was right; and what the
// bearer of one may do here (api §1, Access).
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** Null: none was sent. */
export function bearerToken(headers: IncomingHttpHeaders): string | null {
  return /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1] ?? null;
}

export const sameToken = (given: string | null, wanted: string): boolean =>
  given !== null && timingSafeEqual(digest(given), digest(wanted));

/** Null: there is no such token, and nobody has it. */
export interface AccessTokens {
  readonly admin: string | null;
  /** For submitting jobs, and for the jobs whose ids one knows. */
  readonly submit: string | null;
}

export type Role = 'operator' | 'submitter';

/** Null: a stranger. */
export function roleOf(headers: IncomingHttpHeaders, { admin, submit }: AccessTokens): Role | null {
  const given = bearerToken(headers);
  if (admin !== null && sameToken(given, admin)) return 'operator';
  return submit !== null && sameToken(given, submit) ? 'submitter' : null;
}

/** Equal lengths for the comparison, whatever was sent. */
const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

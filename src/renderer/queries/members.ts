// Queries about the members of the pool, its keys and open invitations, and a page of the audit log.
import type { AppError } from '../../shared/api/app-api';
import type { AuditList, InviteView, KeyView, MemberView } from '../../shared/api/members';
import { type Answer, useAnswer } from './use-answer';

const REFRESH_EVERY_MS = 5000;
const AUDIT_PAGE = 50;

const polled = { everyMs: () => REFRESH_EVERY_MS };

export interface Credentials {
  readonly members: readonly MemberView[];
  readonly keys: readonly KeyView[];
  readonly invites: readonly InviteView[];
}

export interface CredentialsAnswer {
  /** Null until all three lists have arrived. */
  readonly value: Credentials | null;
  readonly error: AppError | null;
}

export function useCredentials(): CredentialsAnswer {
  const members = useAnswer('members.list', {}, polled);
  const keys = useAnswer('keys.list', {}, polled);
  const invites = useAnswer('invites.list', {}, polled);
  const error = members.error ?? keys.error ?? invites.error;
  if (members.value === null || keys.value === null || invites.value === null) return { value: null, error };
  return { value: { members: members.value.members, keys: keys.value.keys, invites: invites.value.invites }, error };
}

/** `before` null: the newest entries. The last page is shown until another page has loaded. */
export const useAudit = (before: number | null): Answer<AuditList> =>
  useAnswer('audit.list', { limit: AUDIT_PAGE, ...(before === null ? {} : { before }) }, { keepsLast: true });

/** The names of all keys and members, by id. Empty until they have arrived, and for a caller that may not read them. */
export function useSenderNames(isEnabled: boolean): ReadonlyMap<string, string> {
  const members = useAnswer('members.list', {}, { isEnabled });
  const keys = useAnswer('keys.list', {}, { isEnabled });
  const senders = [...(members.value?.members ?? []), ...(keys.value?.keys ?? [])];
  return new Map(senders.map(({ id, name }) => [id, name]));
}

// Whether an invitation admits a node now, and as which member. Pure.
import type { InviteRecord, MemberRecord } from './records';

/** How long a used invitation admits its member again, when the first answer was lost. */
export const LOST_ANSWER_MS = 10 * 60_000;

/** `member` null: a new member. Otherwise the member of this joiner, which has never used its credential. */
export type Admission = { readonly member: MemberRecord | null } | 'used_up';

/**
 * `members`: those that this invitation admitted. `nonceHash`: of the joiner. Null: it sent no nonce, so it gets no member of an earlier
 * joiner.
 */
export function admissionOf(
  invite: InviteRecord,
  members: readonly MemberRecord[],
  nonceHash: string | null,
  nowWallMs: number,
): Admission {
  const own = nonceHash === null ? undefined : members.find((member) => member.nonceHash === nonceHash && isAnswerLost(member, nowWallMs));
  if (own !== undefined) return { member: own };
  return invite.uses < invite.maxUses ? { member: null } : 'used_up';
}

/** Whether the invitation may admit a joiner whose nonce is not known yet. `isConnected`: whether the member has an open connection. */
export const mayAdmit = (
  invite: InviteRecord,
  members: readonly MemberRecord[],
  isConnected: (memberId: string) => boolean,
  nowWallMs: number,
): boolean => invite.uses < invite.maxUses || members.some((member) => isAnswerLost(member, nowWallMs) && !isConnected(member.id));

/** Whether the member may have got no credential yet. */
const isAnswerLost = ({ hash, revokedAtWallMs, createdAtWallMs }: MemberRecord, nowWallMs: number): boolean =>
  hash === null && revokedAtWallMs === null && nowWallMs - createdAtWallMs < LOST_ANSWER_MS;

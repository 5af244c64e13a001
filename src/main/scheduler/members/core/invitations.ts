// Whether an invitation admits a node now, and as which member. Pure.
import type { InviteRecord, MemberRecord } from './records';

/** How long a used invitation admits its member again, when the first answer was lost. */
export const LOST_ANSWER_MS = 10 * 60_000;

/** `member` null: a new member. Otherwise the member that this invitation admitted and that has never used its credential. */
export type Admission = { readonly member: MemberRecord | null } | 'used_up';

/** `members`: those that this invitation admitted. `isConnected`: whether the member has an open connection. */
export function admissionOf(
  invite: InviteRecord,
  members: readonly MemberRecord[],
  isConnected: (memberId: string) => boolean,
  nowWallMs: number,
): Admission {
  if (invite.uses < invite.maxUses) return { member: null };
  const lost = members.find((member) => isAnswerLost(member, nowWallMs) && !isConnected(member.id));
  return lost === undefined ? 'used_up' : { member: lost };
}

/** Whether the member may have got no credential yet. */
export const isAnswerLost = ({ hash, revokedAtWallMs, createdAtWallMs }: MemberRecord, nowWallMs: number): boolean =>
  hash === null && revokedAtWallMs === null && nowWallMs - createdAtWallMs < LOST_ANSWER_MS;

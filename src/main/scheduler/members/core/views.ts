// Keys, invitations and members as the API shows them: without hashes.
import type { InviteView, KeyView, MemberView } from '../../../../shared/api/members';
import type { InviteRecord, KeyRecord, MemberRecord } from './records';

/** `member`: that made the key. When it is revoked, so is the key. */
export const keyViewOf = (key: KeyRecord, member: MemberRecord | undefined): KeyView => ({
  id: key.id,
  name: key.name,
  roles: key.roles,
  models: key.models,
  limits: key.limits,
  created_at: key.createdAtWallMs,
  expires_at: key.expiresAtWallMs,
  last_used_at: key.lastUsedAtWallMs,
  last_address: key.lastAddress,
  revoked_at: key.revokedAtWallMs ?? member?.revokedAtWallMs ?? null,
  member_id: key.memberId,
  member_name: member?.name ?? null,
});

export const inviteViewOf = (invite: InviteRecord): InviteView => ({
  id: invite.id,
  name: invite.name,
  roles: invite.roles,
  models: invite.models,
  created_at: invite.createdAtWallMs,
  expires_at: invite.expiresAtWallMs,
  last_used_at: invite.lastUsedAtWallMs,
  uses: invite.uses,
  max_uses: invite.maxUses,
  revoked_at: invite.revokedAtWallMs,
});

export const memberViewOf = (member: MemberRecord, isConnected: boolean): MemberView => ({
  id: member.id,
  name: member.name,
  roles: member.roles,
  models: member.models,
  node_id: member.nodeId,
  connected: isConnected,
  invite_id: member.inviteId,
  created_at: member.createdAtWallMs,
  last_used_at: member.lastUsedAtWallMs,
  last_address: member.lastAddress,
  revoked_at: member.revokedAtWallMs,
});

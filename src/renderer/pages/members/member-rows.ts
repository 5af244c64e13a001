// The rows of the Members page: open invitations, the owner and the keys of people, the keys of programs, and the members with a node.
import type { InviteView, KeyLimits, KeyView, MemberView, Role } from '../../../shared/api/members';
import type { KeyUse } from '../../../shared/api/program-limits';

export const MEMBER_GROUPS = ['invitations', 'people', 'programs', 'nodes'] as const;
export type MemberGroup = (typeof MEMBER_GROUPS)[number];

/** The kind of credential, which decides how it is revoked. `owner`: the owner key, which is not revoked. */
export type CredentialKind = 'owner' | 'invitation' | 'key' | 'member';

export interface Added {
  readonly by: 'setup' | 'owner' | 'digits' | 'invitation' | 'member';
  readonly atWallMs: number | null;
  /** Of the invitation, or of the member. */
  readonly name: string | null;
}

export interface MemberRow {
  /** Unique among all kinds. */
  readonly rowId: string;
  readonly id: string;
  readonly kind: CredentialKind;
  readonly group: MemberGroup;
  /** Null: an invitation without a name, or the owner key. */
  readonly name: string | null;
  readonly roles: readonly Role[];
  /** Null: all. */
  readonly models: readonly string[] | null;
  readonly added: Added;
  /** Null: not used yet, or not known. */
  readonly lastUsedWallMs: number | null;
  /** Of the last use. Null: not known. */
  readonly address: string | null;
  readonly isConnected: boolean;
  /** Null: never. */
  readonly expiresWallMs: number | null;
  readonly revokedWallMs: number | null;
  /** Of an invitation. */
  readonly uses: { readonly left: number; readonly max: number } | null;
  readonly nodeId: string | null;
  /** Of a key. */
  readonly limits: KeyLimits | null;
  /** Null: no key, or not known. */
  readonly use: KeyUse | null;
  /** The computer that made the key for its own program. Null: no key, or one that an owner made. */
  readonly madeBy: string | null;
}

/** A key whose roles, models, expiry and limits may change. */
export type ChangeableKey = MemberRow & { readonly name: string; readonly limits: KeyLimits };
/** A member whose roles and models may change. */
export type ChangeableMember = MemberRow & { readonly name: string };

/** Viewers have no requests to limit, and the owner has no limits. */
export const hasProgramLimits = (roles: readonly Role[]): boolean =>
  !roles.includes('owner') && roles.some((role) => role === 'client' || role === 'operator');

export const isChangeableKey = (row: MemberRow): row is ChangeableKey =>
  row.kind === 'key' && row.name !== null && row.limits !== null && row.revokedWallMs === null;

export const isChangeableMember = (row: MemberRow): row is ChangeableMember =>
  row.kind === 'member' && row.name !== null && row.revokedWallMs === null;

export interface MemberLists {
  readonly members: readonly MemberView[];
  readonly keys: readonly KeyView[];
  readonly invites: readonly InviteView[];
}

export const NO_LISTS: MemberLists = { members: [], keys: [], invites: [] };

const OWNER: MemberRow = {
  rowId: 'owner',
  id: 'owner',
  kind: 'owner',
  group: 'people',
  name: null,
  roles: ['owner'],
  models: null,
  added: { by: 'setup', atWallMs: null, name: null },
  lastUsedWallMs: null,
  address: null,
  isConnected: false,
  expiresWallMs: null,
  revokedWallMs: null,
  uses: null,
  nodeId: null,
  limits: null,
  use: null,
  madeBy: null,
};

/** Valid credentials first, then the revoked ones; by name. An invitation that admits no more computers has no row. */
export function memberRows({ members, keys, invites }: MemberLists, nowWallMs: number): readonly MemberRow[] {
  const inviteNames = new Map(invites.map(({ id, name }) => [id, name]));
  const open = invites.filter((invite) => invite.revoked_at === null && invite.expires_at > nowWallMs && invite.uses < invite.max_uses);
  const rows = [...keys.map(keyRow), ...members.map((member) => memberRow(member, inviteNames))];
  return [...open.map(inviteRow), OWNER, ...rows.sort(byValidityAndName)];
}

const makerOf = ({ member_id: id = null, member_name: name = null }: KeyView): string | null => name ?? id;

const keyRow = (key: KeyView): MemberRow => ({
  rowId: `key ${key.id}`,
  id: key.id,
  kind: 'key',
  group: key.roles.some((role) => role === 'owner' || role === 'operator' || role === 'viewer') ? 'people' : 'programs',
  name: key.name,
  roles: key.roles,
  models: key.models,
  added: { by: makerOf(key) === null ? 'owner' : 'member', atWallMs: key.created_at, name: makerOf(key) },
  lastUsedWallMs: key.last_used_at,
  address: key.last_address ?? null,
  isConnected: false,
  expiresWallMs: key.expires_at,
  revokedWallMs: key.revoked_at,
  uses: null,
  nodeId: null,
  limits: key.limits,
  use: key.use ?? null,
  madeBy: makerOf(key),
});

const inviteRow = (invite: InviteView): MemberRow => ({
  rowId: `invitation ${invite.id}`,
  id: invite.id,
  kind: 'invitation',
  group: 'invitations',
  name: invite.name,
  roles: invite.roles,
  models: invite.models,
  added: { by: 'owner', atWallMs: invite.created_at, name: null },
  lastUsedWallMs: invite.last_used_at,
  address: null,
  isConnected: false,
  expiresWallMs: invite.expires_at,
  revokedWallMs: null,
  uses: { left: invite.max_uses - invite.uses, max: invite.max_uses },
  nodeId: null,
  limits: null,
  use: null,
  madeBy: null,
});

const memberRow = (member: MemberView, inviteNames: ReadonlyMap<string, string | null>): MemberRow => ({
  rowId: `member ${member.id}`,
  id: member.id,
  kind: 'member',
  group: 'nodes',
  name: member.name,
  roles: member.roles,
  models: member.models,
  added: {
    by: member.invite_id === null ? 'digits' : 'invitation',
    atWallMs: member.created_at,
    name: member.invite_id === null ? null : (inviteNames.get(member.invite_id) ?? null),
  },
  lastUsedWallMs: member.last_used_at,
  address: member.last_address ?? null,
  isConnected: member.connected,
  expiresWallMs: null,
  revokedWallMs: member.revoked_at,
  uses: null,
  // A computer that is not a node any more keeps the id in its record.
  nodeId: member.roles.some((role) => role === 'node' || role === 'owner') ? member.node_id : null,
  limits: null,
  use: null,
  madeBy: null,
});

const { compare } = new Intl.Collator(undefined, { numeric: true });

function byValidityAndName(one: MemberRow, other: MemberRow): number {
  const validity = Number(one.revokedWallMs !== null) - Number(other.revokedWallMs !== null);
  return validity === 0 ? compare(one.name ?? '', other.name ?? '') : validity;
}

/** The filters of the page: the groups, and the revoked ones of all groups. */
export const MEMBER_FILTERS = [...MEMBER_GROUPS, 'revoked'] as const;
export type MemberFilter = (typeof MEMBER_FILTERS)[number];

export const passesFilter = ({ group, revokedWallMs }: MemberRow, filter: MemberFilter): boolean =>
  filter === 'revoked' ? revokedWallMs !== null : group === filter;

export function filterCounts(rows: readonly MemberRow[]): Readonly<Record<MemberFilter, number>> {
  const counts: Record<MemberFilter, number> = { invitations: 0, people: 0, programs: 0, nodes: 0, revoked: 0 };
  for (const row of rows) {
    counts[row.group]++;
    if (row.revokedWallMs !== null) counts.revoked++;
  }
  return counts;
}

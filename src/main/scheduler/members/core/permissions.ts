// The permission table: which role has which right, and how much of it. Each route names one right. docs/security.md shows the same
// table by route, and tests/integration/permissions.test.ts walks both.
import { type Role, ROLES } from '../../../../shared/api/members';
import type { PoolRight } from '../../../../shared/api/pool-access';

/**
 * How much of a right a caller has. `own`: only jobs that the same key sent, and without contents those that ran on the node of the same
 * member; only keys that the same member made. `limited`: what members may know of each other's nodes (ADR 0030). `no_contents`: without results and messages of programs, which
 * may repeat the request of another.
 */
export type Grant = 'all' | 'own' | 'limited' | 'no_contents';

interface Right {
  /** The owner has every right, and is not listed. */
  readonly roles: Partial<Readonly<Record<Exclude<Role, 'owner'>, Grant>>>;
  /**
   * Callers on loopback without a key. `open`: only with `server.loopback = "open"`; `always`: while the server is bound to loopback, in
   * both modes; null: a key is required.
   */
  readonly loopback: { readonly when: 'open' | 'always'; readonly grant: Grant } | null;
}

export const RIGHTS = {
  /** The pool's name, counts, and the names and availability of its nodes. */
  read_pool: { roles: { node: 'all', client: 'all', viewer: 'all', operator: 'all' }, loopback: { when: 'open', grant: 'all' } },
  /** Who the caller is. */
  read_session: { roles: { node: 'all', client: 'all', viewer: 'all', operator: 'all' }, loopback: { when: 'open', grant: 'all' } },
  /** Nodes, their models and the events of the pool. */
  read_nodes: {
    roles: { node: 'limited', client: 'limited', viewer: 'all', operator: 'all' },
    loopback: { when: 'open', grant: 'limited' },
  },
  read_models: { roles: { node: 'all', client: 'all', viewer: 'all', operator: 'all' }, loopback: { when: 'open', grant: 'all' } },
  explain: { roles: { client: 'all', viewer: 'all', operator: 'all' }, loopback: { when: 'open', grant: 'all' } },
  submit_jobs: { roles: { client: 'all', operator: 'all' }, loopback: { when: 'open', grant: 'all' } },
  read_jobs: { roles: { node: 'own', client: 'own', viewer: 'no_contents', operator: 'all' }, loopback: { when: 'open', grant: 'own' } },
  follow_jobs: { roles: { client: 'own', operator: 'all' }, loopback: { when: 'open', grant: 'own' } },
  cancel_jobs: { roles: { client: 'own', operator: 'all' }, loopback: { when: 'open', grant: 'own' } },
  /** Keys of programs. With `own`, for members alone (`principal.ts`). */
  make_keys: { roles: { client: 'own', operator: 'own' }, loopback: null },
  be_a_node: { roles: { node: 'all' }, loopback: { when: 'open', grant: 'all' } },
  read_metrics: { roles: { viewer: 'all', operator: 'all' }, loopback: { when: 'always', grant: 'all' } },
  /** All pages of the dashboard. */
  view: { roles: { viewer: 'all', operator: 'all' }, loopback: null },
  read_contents: { roles: { operator: 'all' }, loopback: null },
  /** All acts on nodes and jobs. */
  operate: { roles: { operator: 'all' }, loopback: null },
  /** Members, all keys, invitations, the audit log, and the pool of this computer. */
  manage: { roles: {}, loopback: null },
} as const satisfies Readonly<Record<PoolRight, Right>>;

export type RightName = PoolRight;
/** `anyone`: no key is required, from any address. `invited`: the key of an invitation is required. */
export type Access = 'anyone' | 'invited' | RightName;

/** The order of the grants: a later one includes the earlier ones. */
const GRANTS: readonly Grant[] = ['own', 'limited', 'no_contents', 'all'];

/** The widest grant of the roles; null: none of them has the right. */
export function grantOf(right: RightName, roles: readonly Role[]): Grant | null {
  if (roles.includes('owner')) return 'all';
  const byRole: Right['roles'] = RIGHTS[right].roles;
  const grants = roles.flatMap((role) => (role === 'owner' ? [] : (byRole[role] ?? [])));
  return grants.reduce<Grant | null>((widest, grant) => wider(widest, grant), null);
}

const wider = (one: Grant | null, other: Grant): Grant => (one === null || GRANTS.indexOf(other) > GRANTS.indexOf(one) ? other : one);

/** The grant of a caller on loopback without a key. `isOpen`: the mode `open` holds for the request. */
export function loopbackGrantOf(right: RightName, isOpen: boolean): Grant | null {
  const { loopback }: Right = RIGHTS[right];
  return loopback !== null && (isOpen || loopback.when === 'always') ? loopback.grant : null;
}

/** Each role once, in the order of the roles. */
export const uniqueRoles = (roles: readonly Role[]): Role[] => ROLES.filter((role) => roles.includes(role));

/** What a credential loses when its roles change. */
export interface LostAccess {
  readonly isNodeLost: boolean;
  readonly areJobsLost: boolean;
  /** Those that the member made. */
  readonly areKeysLost: boolean;
}

export function lostAccessOf(before: readonly Role[], after: readonly Role[]): LostAccess {
  const isLost = (right: RightName): boolean => grantOf(right, before) !== null && grantOf(right, after) === null;
  return { isNodeLost: isLost('be_a_node'), areJobsLost: isLost('submit_jobs'), areKeysLost: isLost('make_keys') };
}

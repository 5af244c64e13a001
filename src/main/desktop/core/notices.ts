// Which change of the state the owner gets in a notification: a change that needs a decision, or that the owner did not make. Pure.
import type { AppState } from '../../../shared/api/app-state';
import type { NodeView } from '../../../shared/api/node-view';
import { isWithoutNode } from '../../../shared/api/sharing-choice';
import type { PauseCode } from '../../../shared/protocol/pauses';

export type Notice =
  | { readonly kind: 'joined'; readonly name: string }
  | { readonly kind: 'join_request'; readonly name: string }
  | { readonly kind: 'job_failed'; readonly modelId: string; readonly code: string }
  /** Null: the pool refuses this computer. */
  | { readonly kind: 'node_lost'; readonly name: string | null }
  /** `waiting` jobs, and `nodes` that are all full or busy. */
  | { readonly kind: 'pool_full'; readonly waiting: number; readonly nodes: number }
  | { readonly kind: 'paused'; readonly code: PauseCode; readonly detail: string | null }
  /** Found, or downloaded. */
  | { readonly kind: 'update'; readonly version: string; readonly isReady: boolean };

export interface NoticeState extends Pick<AppState, 'agent' | 'pool' | 'nodes' | 'join_requests'> {
  /** Absent or null: this program does not update itself. */
  readonly update?: { readonly phase: { readonly state: string; readonly version?: string | null } } | null;
}

/** The section of Settings that shows the update. */
export const UPDATES_PAGE = '#/settings/updates';

/**
 * In a fixed order. `before` null: the program has just started, so nothing is a change. `shownHash`: the page of the window in front, which
 * shows requests in a dialog, and the update in Settings. Null: the window is not in front.
 */
export function noticesOf(before: NoticeState | null, after: NoticeState, shownHash: string | null): readonly Notice[] {
  if (before === null) return [];
  const showsUpdate = shownHash?.startsWith(UPDATES_PAGE) === true;
  return [
    ...poolNotices(before, after),
    ...(shownHash === null ? requestNotices(before, after) : []),
    ...ownNotices(before, after),
    ...(showsUpdate ? [] : updateNotices(before, after)),
  ];
}

/** Of the pool that this computer hosts. A pool that starts again knows its nodes from before. */
function poolNotices(before: NoticeState, after: NoticeState): readonly Notice[] {
  const isSamePool = before.pool?.access === 'host' && after.pool?.access === 'host' && before.pool.started_at === after.pool.started_at;
  if (!isSamePool || before.nodes === after.nodes) return [];
  const notices: Notice[] = [];
  for (const node of after.nodes.values()) {
    const known = before.nodes.get(node.node_id);
    if (node === known || node.node_id === after.agent?.node_id) continue;
    if (known === undefined) notices.push({ kind: 'joined', name: node.name });
    else if (isLost(node) && !isLost(known)) notices.push({ kind: 'node_lost', name: node.name });
  }
  return notices;
}

/** A node that stopped in order, or sleeps, is not lost. */
const isLost = ({ online, reason_code: reasonCode }: NodeView): boolean => !online && reasonCode === 'heartbeat_timeout';

function requestNotices(before: NoticeState, after: NoticeState): readonly Notice[] {
  const known = new Set(before.join_requests.map(({ id }) => id));
  return after.join_requests.filter(({ id }) => !known.has(id)).map(({ name }) => ({ kind: 'join_request', name }) as const);
}

function ownNotices({ agent: before }: NoticeState, { agent: after }: NoticeState): readonly Notice[] {
  if (before === null || after === null || before === after) return [];
  const { link } = after;
  if (link.state === 'refused' && !isWithoutNode(link.code) && before.link.state !== 'refused') {
    return [{ kind: 'node_lost', name: null }];
  }
  // Who pauses by hand knows it, and who shares nothing loses nothing.
  if (link.state === 'idle' || link.state === 'refused' || before.pause != null) return [];
  const cause = after.pause?.causes.find(({ code }) => code !== 'owner');
  return cause === undefined ? [] : [{ kind: 'paused', code: cause.code, detail: cause.detail }];
}

/** Once when a version is found, and once when it is downloaded. */
function updateNotices({ update: before }: NoticeState, { update: after }: NoticeState): readonly Notice[] {
  const { state, version } = after?.phase ?? { state: 'idle' };
  if (version == null || (state !== 'available' && state !== 'ready')) return [];
  // A check can find another version without a state between.
  if (before?.phase.state === state && before.phase.version === version) return [];
  return [{ kind: 'update', version, isReady: state === 'ready' }];
}

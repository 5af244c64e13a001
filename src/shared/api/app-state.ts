// The state that the renderer shows, and the events that update it. The same over IPC, over HTTP and within one process.
import { z } from 'zod';
import { appDocumentSchema } from './app-documents';
import { MAX_LIST } from '../protocol/bounded';
import { agentViewSchema } from './agent-view';
import { joinRequestsSchema } from './join-requests';
import { nearbyViewSchema } from './nearby';
import { type NodeView, nodeViewSchema, poolSummarySchema } from './node-view';
import { openedLinkSchema } from './opened-link';
import { poolAccessSchema } from './pool-access';
import { updateViewSchema } from './update';

const timeMs = z.number();

/** How programs reach the scheduler of a headless program. */
export const servedViewSchema = z.object({
  /** Whether other computers reach it. */
  shared: z.boolean(),
  /** The addresses for other computers, best first. Empty: not shared, or in no network. */
  lan_urls: z.array(z.string()).max(MAX_LIST),
  /** The pin and the file of the CA of the pool. Null: its certificate is not of such a CA, or the pool is not shared. */
  pin: z.string().nullable(),
  ca_file: z.string().nullable(),
  /** That CA, PEM, for browsers on other computers. Absent: an older program. */
  ca_pem: z.string().nullable().optional(),
  /** Whether programs on this computer need a key (`server.loopback`). Those on other computers always do. */
  loopback_needs_key: z.boolean(),
});

export const appInfoSchema = z.object({
  version: z.string(),
  /** `desktop`: the app; `headless`: a browser looking at `muster pool` or `muster scheduler`. */
  mode: z.enum(['desktop', 'headless']),
  platform: z.enum(['windows', 'linux', 'macos']),
  hostname: z.string(),
  /** Whether the user can start and stop the hosted scheduler, and join another pool. */
  can_host: z.boolean(),
  can_join: z.boolean(),
  /** When the program started, this computer was in the pool of another one, or shared its own. */
  in_pool_at_start: z.boolean(),
  /** Absent: the desktop app, which has `host`. */
  served: servedViewSchema.optional(),
  /** What `desktop.open_document` can open. Absent: nothing. */
  documents: z.array(appDocumentSchema).max(8).optional(),
});

/** The scheduler that this machine hosts, supervised by the app. */
export const hostViewSchema = z.object({
  state: z.enum(['stopped', 'starting', 'running', 'restarting', 'failed']),
  scope: z.enum(['this_computer', 'lan']),
  since: timeMs,
  /** The address for this machine, e.g. http://127.0.0.1:7080; null unless running. */
  url: z.string().nullable(),
  /** The addresses for other machines, one per network interface; empty for `this_computer`. */
  lan_urls: z.array(z.string()).max(MAX_LIST),
  /** A link with address, pin and the key of an invitation; null for `this_computer`. */
  join_link: z.string().nullable(),
  /** Whether programs on other computers may send requests without TLS while the pool is shared (`server.plain_http_api`). */
  plain_http_api: z.boolean(),
  /** Whether the pool announces itself in the local network while it is shared (`server.announce`). */
  announced: z.boolean(),
  /** Whether programs on this computer need a key (`server.loopback`), as when the run began. */
  loopback_needs_key: z.boolean(),
  /** The certificate of the CA of the pool, which programs on other computers must trust. Null: the pool is not shared, or has none. */
  ca_file: z.string().nullable(),
  restarts: z.number().int(),
  next_restart_at: timeMs.nullable(),
  exit_code: z.number().int().nullable(),
  /** A code such as `PORT_IN_USE`, `CONFIG_INVALID`, `DATABASE_UNREADABLE`, `CRASHED`; null without an error. */
  error_code: z.string().nullable(),
  /** The last lines of the scheduler's output before it failed. */
  last_log_lines: z.array(z.string()).max(MAX_LIST),
});

/** The pool that this program shows, with what the caller may do. */
export const poolStateSchema = poolSummarySchema.extend(poolAccessSchema.shape);
export type PoolState = z.infer<typeof poolStateSchema>;

/** The complete state, as it is sent. */
export const appSnapshotSchema = z.object({
  app: appInfoSchema,
  /** Null if this process runs no agent (a scheduler alone). */
  agent: agentViewSchema.nullable(),
  /** Null if this process cannot host a scheduler. */
  host: hostViewSchema.nullable(),
  /** The pool that this program hosts, or that this computer has joined. Null: there is none, or no answer yet. */
  pool: poolStateSchema.nullable(),
  nodes: z.array(nodeViewSchema).max(MAX_LIST),
  /** The computers that ask to join the pool by digits, the oldest first. Empty for a caller that may not decide about them. */
  join_requests: joinRequestsSchema,
  /** Null if this program cannot join a pool of the network. */
  nearby: nearbyViewSchema.nullable(),
  /** The newest join link that another program opened, until the user joins a pool or discards the link. Null without one. */
  opened_link: openedLinkSchema.nullable(),
  /** Null: this program is not the desktop app. */
  update: updateViewSchema.nullable(),
});

export const appEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), state: appSnapshotSchema }),
  z.object({ type: z.literal('agent'), agent: agentViewSchema.nullable() }),
  z.object({ type: z.literal('host'), host: hostViewSchema.nullable() }),
  z.object({ type: z.literal('pool'), pool: poolStateSchema.nullable() }),
  z.object({ type: z.literal('node'), node: nodeViewSchema }),
  z.object({ type: z.literal('node_removed'), node_id: z.string() }),
  z.object({ type: z.literal('join_requests'), join_requests: joinRequestsSchema }),
  z.object({ type: z.literal('nearby'), nearby: nearbyViewSchema.nullable() }),
  z.object({ type: z.literal('opened_link'), opened_link: openedLinkSchema.nullable() }),
  z.object({ type: z.literal('update'), update: updateViewSchema }),
]);

/** One message to a subscriber: the changes since the previous message, in order. A message causes one render. */
export const appEventsSchema = z.array(appEventSchema).max(MAX_LIST);

export type ServedView = z.infer<typeof servedViewSchema>;
export type AppInfo = z.infer<typeof appInfoSchema>;
export type HostView = z.infer<typeof hostViewSchema>;
export type AppSnapshot = z.infer<typeof appSnapshotSchema>;
export type AppEvent = z.infer<typeof appEventSchema>;

/** The state of a subscriber, with the nodes by id. An event of a node replaces the object of this node and keeps all other objects. */
export interface AppState extends Omit<AppSnapshot, 'nodes'> {
  readonly nodes: ReadonlyMap<string, NodeView>;
}

export const stateOf = ({ nodes, ...rest }: AppSnapshot): AppState => ({ ...rest, nodes: byId(nodes) });

/** Applies a message to the state. Null before the first snapshot. */
export function applyAppEvents(state: AppState | null, events: readonly AppEvent[]): AppState | null {
  let next = state;
  // The nodes are copied once per message: in a large pool many of them change at once.
  let copy: Map<string, NodeView> | null = null;
  for (const event of events) {
    if (event.type === 'snapshot') {
      next = stateOf(event.state);
      copy = null;
      continue;
    }
    if (next === null) continue;
    switch (event.type) {
      case 'agent':
        next = { ...next, agent: event.agent };
        break;
      case 'host':
        next = { ...next, host: event.host };
        break;
      case 'pool':
        if (event.pool === null) copy = new Map();
        next = { ...next, pool: event.pool, nodes: copy ?? next.nodes };
        break;
      case 'node':
        copy ??= new Map(next.nodes);
        next = { ...next, nodes: copy.set(event.node.node_id, event.node) };
        break;
      case 'node_removed':
        copy ??= new Map(next.nodes);
        copy.delete(event.node_id);
        next = { ...next, nodes: copy };
        break;
      case 'join_requests':
        next = { ...next, join_requests: event.join_requests };
        break;
      case 'nearby':
        next = { ...next, nearby: event.nearby };
        break;
      case 'opened_link':
        next = { ...next, opened_link: event.opened_link };
        break;
      case 'update':
        next = { ...next, update: event.update };
        break;
    }
  }
  return next;
}

const byId = (nodes: readonly NodeView[]): ReadonlyMap<string, NodeView> => new Map(nodes.map((node) => [node.node_id, node]));

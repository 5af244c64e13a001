// Everything the renderer shows, as one state and the events that keep it true. The same over IPC, HTTP and in process.
import { z } from 'zod';
import { agentViewSchema } from './agent-view';
import { nodeViewSchema, poolSummarySchema } from './node-view';

const timeMs = z.number();

export const appInfoSchema = z.object({
  version: z.string(),
  /** `desktop`: the app; `headless`: a browser looking at `muster pool` or `muster scheduler`. */
  mode: z.enum(['desktop', 'headless']),
  platform: z.enum(['windows', 'linux', 'macos']),
  hostname: z.string(),
  /** Whether this face can start and stop hosting, and join another pool. */
  can_host: z.boolean(),
  can_join: z.boolean(),
});

/** The scheduler that this machine hosts, supervised by the app. */
export const hostViewSchema = z.object({
  state: z.enum(['stopped', 'starting', 'running', 'restarting', 'failed']),
  scope: z.enum(['this_computer', 'lan']),
  since: timeMs,
  /** Where this machine reaches it, e.g. http://127.0.0.1:7080; null unless running. */
  url: z.string().nullable(),
  /** Where others reach it, one per network interface; empty for `this_computer`. */
  lan_urls: z.array(z.string()),
  /** Address and join token as one link to copy; null for `this_computer`. */
  join_link: z.string().nullable(),
  restarts: z.number().int(),
  next_restart_at: timeMs.nullable(),
  exit_code: z.number().int().nullable(),
  /** A code such as `PORT_IN_USE`, `CONFIG_INVALID`, `DATABASE_UNREADABLE`, `CRASHED`; null while all is well. */
  error_code: z.string().nullable(),
  /** The last lines it printed before it failed. */
  last_log_lines: z.array(z.string()),
});

export const appStateSchema = z.object({
  app: appInfoSchema,
  /** Null where no agent runs in this program (a scheduler alone). */
  agent: agentViewSchema.nullable(),
  /** Null where this program neither hosts nor could. */
  host: hostViewSchema.nullable(),
  /** Null when this program may not operate the pool: it hosts none. */
  pool: poolSummarySchema.nullable(),
  nodes: z.array(nodeViewSchema),
});

export const appEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('snapshot'), state: appStateSchema }),
  z.object({ type: z.literal('agent'), agent: agentViewSchema.nullable() }),
  z.object({ type: z.literal('host'), host: hostViewSchema.nullable() }),
  z.object({ type: z.literal('pool'), pool: poolSummarySchema.nullable() }),
  z.object({ type: z.literal('node'), node: nodeViewSchema }),
  z.object({ type: z.literal('node_removed'), node_id: z.string() }),
]);

export type AppInfo = z.infer<typeof appInfoSchema>;
export type HostView = z.infer<typeof hostViewSchema>;
export type AppState = z.infer<typeof appStateSchema>;
export type AppEvent = z.infer<typeof appEventSchema>;

/** The state after an event: the one reducer that every holder of the state uses. */
export function applyAppEvent(state: AppState | null, event: AppEvent): AppState | null {
  if (event.type === 'snapshot') return event.state;
  if (state === null) return null;
  switch (event.type) {
    case 'agent':
      return { ...state, agent: event.agent };
    case 'host':
      return { ...state, host: event.host };
    case 'pool':
      return { ...state, pool: event.pool, nodes: event.pool === null ? [] : state.nodes };
    case 'node':
      return { ...state, nodes: withNode(state.nodes, event.node) };
    case 'node_removed':
      return { ...state, nodes: state.nodes.filter((node) => node.node_id !== event.node_id) };
  }
}

function withNode(nodes: AppState['nodes'], changed: AppState['nodes'][number]): AppState['nodes'] {
  const known = nodes.some((node) => node.node_id === changed.node_id);
  return known ? nodes.map((node) => (node.node_id === changed.node_id ? changed : node)) : [...nodes, changed];
}

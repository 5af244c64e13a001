// Holds the state that the renderer shows and sends it to every subscriber: first a snapshot, then one message with all changes per
// `coalesceMs`, in order. Several changes of one subject are sent as the newest one.
import type { AppEvent, AppInfo, AppSnapshot, ServedView } from '../../shared/api/app-state';
import type { AppListener } from '../../shared/api/app-api';
import type { NodeView } from '../../shared/api/node-view';
import { assertNever } from '../../shared/assert-never';
import type { Clock, Timer } from '../platform/clock';

export interface StatePublisherOptions {
  readonly app: AppInfo;
  /** Read for each snapshot. Null: the scheduler does not listen yet. Absent: the desktop app. */
  readonly served?: () => ServedView | null;
  readonly clock: Clock;
  /** Changes of this period are sent as one message. Default: 50. */
  readonly coalesceMs?: number;
}

export class StatePublisher {
  readonly #options: StatePublisherOptions;
  readonly #state: Omit<AppSnapshot, 'app' | 'nodes'> = {
    agent: null,
    host: null,
    pool: null,
    join_requests: [],
    nearby: null,
    opened_link: null,
    update: null,
  };
  readonly #nodes = new Map<string, NodeView>();
  readonly #listeners = new Set<AppListener>();
  /** The newest event per subject, in the order of their last change. */
  readonly #pending = new Map<string, AppEvent>();
  #timer: Timer | null = null;

  constructor(options: StatePublisherOptions) {
    this.#options = options;
  }

  /** The state now, including changes that were not sent yet. */
  current(): AppSnapshot {
    const served = this.#options.served?.() ?? null;
    const app = served === null ? this.#options.app : { ...this.#options.app, served };
    return { app, ...this.#state, nodes: [...this.#nodes.values()] };
  }

  /** Applies a change, and sends it after at most `coalesceMs`. */
  publish(event: AppEvent): void {
    switch (event.type) {
      case 'snapshot':
        this.#replaceAll(event.state);
        break;
      case 'agent':
        this.#state.agent = event.agent;
        break;
      case 'host':
        this.#state.host = event.host;
        break;
      case 'pool':
        this.#state.pool = event.pool;
        if (event.pool === null) this.#replaceNodes([]);
        break;
      case 'node':
        this.#nodes.set(event.node.node_id, event.node);
        break;
      case 'node_removed':
        this.#nodes.delete(event.node_id);
        break;
      case 'join_requests':
        this.#state.join_requests = event.join_requests;
        break;
      case 'nearby':
        this.#state.nearby = event.nearby;
        break;
      case 'opened_link':
        this.#state.opened_link = event.opened_link;
        break;
      case 'update':
        this.#state.update = event.update;
        break;
      default:
        assertNever(event);
    }
    this.#enqueue(event);
  }

  subscribe(listener: AppListener): () => void {
    // The snapshot contains the pending changes: the other subscribers get them first, so that all see the same order.
    this.#flush();
    const own: AppListener = {
      onEvents: (events) => {
        listener.onEvents(events);
      },
      onConnection: (state) => {
        listener.onConnection(state);
      },
    };
    this.#listeners.add(own);
    own.onConnection('open');
    own.onEvents([{ type: 'snapshot', state: this.current() }]);
    return () => this.#listeners.delete(own);
  }

  /** Sends the pending changes, then ends all subscriptions. */
  close(): void {
    this.#flush();
    this.#listeners.clear();
  }

  #replaceAll({ app: _app, nodes, ...rest }: AppSnapshot): void {
    Object.assign(this.#state, rest);
    this.#replaceNodes(nodes);
  }

  #replaceNodes(nodes: readonly NodeView[]): void {
    this.#nodes.clear();
    for (const node of nodes) this.#nodes.set(node.node_id, node);
  }

  #enqueue(event: AppEvent): void {
    if (this.#listeners.size === 0) return;
    const subject = subjectOf(event);
    // A snapshot replaces all older changes. Without a pool there are no nodes.
    if (event.type === 'snapshot') this.#pending.clear();
    if (event.type === 'pool' && event.pool === null) this.#dropPendingNodes();
    this.#pending.delete(subject);
    this.#pending.set(subject, event);
    this.#timer ??= this.#options.clock.setTimer(this.#options.coalesceMs ?? 50, () => {
      this.#flush();
    });
  }

  #dropPendingNodes(): void {
    for (const subject of this.#pending.keys()) if (subject.startsWith('node:')) this.#pending.delete(subject);
  }

  #flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const events = [...this.#pending.values()];
    this.#pending.clear();
    if (events.length > 0) for (const listener of this.#listeners) listener.onEvents(events);
  }
}

function subjectOf(event: AppEvent): string {
  if (event.type === 'node') return `node:${event.node.node_id}`;
  if (event.type === 'node_removed') return `node:${event.node_id}`;
  return event.type;
}

// Holds what the renderer shows and sends it to every subscriber: a snapshot first, then messages with the changes of
// `coalesceMs` in order, of which only the newest per subject is sent. It decides nothing about what is shown.
import type { AppEvent, AppInfo, AppSnapshot } from '../../shared/api/app-state';
import type { AppListener } from '../../shared/api/app-api';
import type { NodeView } from '../../shared/api/node-view';
import { assertNever } from '../../shared/assert-never';
import type { Clock, Timer } from '../platform/clock';

export interface StatePublisherOptions {
  readonly app: AppInfo;
  readonly clock: Clock;
  /** Changes are gathered this long, so that a busy pool does not flood a window. */
  readonly coalesceMs?: number;
}

export class StatePublisher {
  private readonly state: { agent: AppSnapshot['agent']; host: AppSnapshot['host']; pool: AppSnapshot['pool'] } = {
    agent: null,
    host: null,
    pool: null,
  };
  private readonly nodes = new Map<string, NodeView>();
  private readonly listeners = new Set<AppListener>();
  /** The newest event per subject, in the order of their last change. */
  private readonly pending = new Map<string, AppEvent>();
  private timer: Timer | null = null;

  constructor(private readonly options: StatePublisherOptions) {}

  /** The state now, with every change whether it was sent yet or not. */
  current(): AppSnapshot {
    return { app: this.options.app, ...this.state, nodes: [...this.nodes.values()] };
  }

  /** Takes a change over and sends it soon. */
  publish(event: AppEvent): void {
    switch (event.type) {
      case 'snapshot':
        Object.assign(this.state, { agent: event.state.agent, host: event.state.host, pool: event.state.pool });
        this.replaceNodes(event.state.nodes);
        break;
      case 'agent':
        this.state.agent = event.agent;
        break;
      case 'host':
        this.state.host = event.host;
        break;
      case 'pool':
        this.state.pool = event.pool;
        if (event.pool === null) this.replaceNodes([]);
        break;
      case 'node':
        this.nodes.set(event.node.node_id, event.node);
        break;
      case 'node_removed':
        this.nodes.delete(event.node_id);
        break;
      default:
        assertNever(event);
    }
    this.enqueue(event);
  }

  subscribe(listener: AppListener): () => void {
    // What is pending is in the snapshot: the others get it first, so that everybody sees one order.
    this.flush();
    const own: AppListener = {
      onEvents: (events) => {
        listener.onEvents(events);
      },
      onConnection: (state) => {
        listener.onConnection(state);
      },
    };
    this.listeners.add(own);
    own.onConnection('open');
    own.onEvents([{ type: 'snapshot', state: this.current() }]);
    return () => this.listeners.delete(own);
  }

  /** Sends what is pending and sends nothing more. */
  close(): void {
    this.flush();
    this.listeners.clear();
  }

  private replaceNodes(nodes: readonly NodeView[]): void {
    this.nodes.clear();
    for (const node of nodes) this.nodes.set(node.node_id, node);
  }

  private enqueue(event: AppEvent): void {
    if (this.listeners.size === 0) return;
    const subject = subjectOf(event);
    // A snapshot, or a pool that went away, says all that older changes said.
    if (event.type === 'snapshot') this.pending.clear();
    if (event.type === 'pool' && event.pool === null) this.dropPendingNodes();
    this.pending.delete(subject);
    this.pending.set(subject, event);
    this.timer ??= this.options.clock.setTimer(this.options.coalesceMs ?? 50, () => {
      this.flush();
    });
  }

  private dropPendingNodes(): void {
    for (const subject of this.pending.keys()) if (subject.startsWith('node:')) this.pending.delete(subject);
  }

  private flush(): void {
    this.timer?.cancel();
    this.timer = null;
    const events = [...this.pending.values()];
    this.pending.clear();
    if (events.length > 0) for (const listener of this.listeners) listener.onEvents(events);
  }
}

function subjectOf(event: AppEvent): string {
  if (event.type === 'node') return `node:${event.node.node_id}`;
  if (event.type === 'node_removed') return `node:${event.node_id}`;
  return event.type;
}

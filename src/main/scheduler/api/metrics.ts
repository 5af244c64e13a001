// `/metrics` for Prometheus: what the pool and this process are like now, beside what SchedulerStats counts. Base units; a
// figure that is not known is absent, not zero.
import { Gauge, type Registry } from 'prom-client';
import { NODE_STATUSES } from '../../../shared/protocol/status';
import type { PoolViews } from '../pool/pool-views';
import type { EventStreams } from './event-streams';

/** Of the pool's events, and of single jobs. */
export interface OpenStreams {
  readonly pool: EventStreams;
  readonly jobs: EventStreams;
}

/** Open node sockets, and how many of them have not registered a node or not answered their first registration yet. */
export interface NodeSocketCounts {
  readonly counts: { readonly open: number; readonly unregistered: number; readonly handshakes: number };
}

export function addGauges(registry: Registry, pool: PoolViews, sockets: NodeSocketCounts, streams: OpenStreams): void {
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  };
  new Gauge({
    name: 'muster_nodes',
    help: 'Nodes of the pool, by status.',
    labelNames: ['status'],
    registers: [registry],
    collect() {
      const counts = pool.countByStatus();
      for (const status of NODE_STATUSES) this.set({ status }, counts[status]);
    },
  });
  gauge('muster_nodes_schedulable', 'Nodes that could get some job now.', () => pool.schedulableCount());
  gauge('muster_node_sockets', 'Open node sockets.', () => sockets.counts.open);
  gauge('muster_node_sockets_unregistered', 'Open node sockets that no node has registered on.', () => sockets.counts.unregistered);
  gauge('muster_node_handshakes', 'Upgraded sockets whose first registration is not answered yet.', () => sockets.counts.handshakes);
  gauge('muster_event_streams', 'Open streams of the events of pool and app.', () => streams.pool.count);
  gauge('muster_job_streams', 'Open streams of the events of single jobs.', () => streams.jobs.count);
  gauge('muster_mass_loss', 'Whether many nodes were lost at once (1) or not (0).', () => (pool.summary().mass_loss === null ? 0 : 1));
  gauge('muster_start_time_seconds', 'When the scheduler started, Unix time.', () => pool.summary().started_at / 1000);
  gauge('muster_resident_memory_bytes', 'Resident memory of the process.', () => process.memoryUsage.rss());
  new Gauge({
    name: 'muster_build_info',
    help: 'The running version, as a label.',
    labelNames: ['version'],
    registers: [registry],
    collect() {
      this.set({ version: pool.summary().scheduler_version }, 1);
    },
  });
  new Gauge({
    name: 'muster_dispatch_exclusions',
    help: 'Nodes passed over by dispatches that found nobody, by reason, since they were last reset.',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, tally] of Object.entries(pool.exclusions().reasons)) this.set({ reason }, tally.count);
    },
  });
}

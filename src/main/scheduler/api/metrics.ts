// Gauges of `/metrics` for Prometheus: the present state of the pool and of this process. SchedulerStats has the counters. Units are
// base units; an unknown value is absent, not zero.
import { Gauge, type Registry } from 'prom-client';
import { PAUSE_CODES } from '../../../shared/protocol/pauses';
import { AVAILABILITY_STATES, NODE_STATUSES } from '../../../shared/protocol/status';
import type { PoolViews } from '../pool/pool-views';
import type { OpenStreams } from './open-streams';

/** Open node sockets, those without a registered node, and those whose first registration is not answered yet. */
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
    help: 'Nodes by status.',
    labelNames: ['status'],
    registers: [registry],
    collect() {
      const counts = pool.countByStatus();
      for (const status of NODE_STATUSES) this.set({ status }, counts[status]);
    },
  });
  new Gauge({
    name: 'muster_nodes_by_availability',
    help: 'Nodes by availability.',
    labelNames: ['availability'],
    registers: [registry],
    collect() {
      const counts = pool.countByAvailability();
      for (const availability of AVAILABILITY_STATES) this.set({ availability }, counts[availability]);
    },
  });
  new Gauge({
    name: 'muster_nodes_paused',
    help: 'Nodes that their owners pause, by reason.',
    labelNames: ['reason_code'],
    registers: [registry],
    collect() {
      const counts = pool.countByPause();
      for (const code of PAUSE_CODES) this.set({ reason_code: code }, counts[code]);
    },
  });
  gauge('muster_nodes_schedulable', 'Nodes that could get a job now.', () => pool.schedulableCount());
  gauge('muster_node_sockets', 'Open node sockets.', () => sockets.counts.open);
  gauge('muster_node_sockets_unregistered', 'Open node sockets without a registered node.', () => sockets.counts.unregistered);
  gauge('muster_node_handshakes', 'Node sockets whose first registration is not answered yet.', () => sockets.counts.handshakes);
  gauge('muster_event_streams', 'Open event streams of the pool and the app.', () => streams.pool.count + streams.members.count);
  gauge('muster_job_streams', 'Open event streams of single jobs.', () => streams.jobs.count);
  gauge('muster_mass_loss', 'Whether an eviction pause is in force (1) or not (0).', () => (pool.summary().mass_loss === null ? 0 : 1));
  gauge('muster_start_time_seconds', 'Unix time at which the scheduler started.', () => pool.summary().started_at / 1000);
  gauge('muster_resident_memory_bytes', 'Resident memory of the scheduler process.', () => process.memoryUsage.rss());
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
    help: 'Nodes that were excluded in dispatches without a candidate, by reason, since the last reset.',
    labelNames: ['reason'],
    registers: [registry],
    collect() {
      this.reset();
      for (const [reason, tally] of Object.entries(pool.exclusions().reasons)) this.set({ reason }, tally.count);
    },
  });
}

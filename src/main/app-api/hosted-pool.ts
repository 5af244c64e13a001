// Gives the app the pool of the scheduler that this machine hosts, while it runs: a new connection for each run, since the
// numbering of a run's events means nothing to the next.
import type { HostView } from '../../shared/api/app-state';
import type { HostPort, PoolPort } from '../contracts/ports';

export interface HostedPoolOptions {
  readonly host: HostPort;
  /** Makes the port to the scheduler that listens there. */
  readonly connect: (url: string) => Promise<PoolPort>;
  readonly setPool: (pool: PoolPort | null) => void;
}

/** Follows the host from now on; returns how to stop. While it restarts the last nodes stay on show. */
export function followHostedPool({ host, connect, setPool }: HostedPoolOptions): () => void {
  let present: HostView | null = null;
  const follow = async (view: HostView): Promise<void> => {
    const before = present;
    present = view;
    if (view.state === 'running' && view.url !== null) {
      if (before?.state === 'running' && before.since === view.since) return;
      const pool = await connect(view.url);
      if (present.state === 'running' && present.since === view.since) setPool(pool);
    } else if (view.state === 'stopped' || view.state === 'failed') setPool(null);
  };
  void follow(host.view());
  return host.subscribe((view) => void follow(view));
}

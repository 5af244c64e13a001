// Connects the app to the pool of the scheduler that this computer hosts. Each run of the scheduler gets a new connection, because
// event ids of one run are not valid in the next one.
import type { HostView } from '../../shared/api/app-state';
import type { HostPort, PoolPort } from '../contracts/ports';

export interface HostedPoolOptions {
  readonly host: HostPort;
  /** Creates the client of the scheduler at this address. */
  readonly connect: (url: string) => Promise<PoolPort>;
  readonly setPool: (pool: PoolPort | null) => void;
}

/** Follows the host until the returned function is called. During a restart the last nodes stay visible. */
export function followHostedPool({ host, connect, setPool }: HostedPoolOptions): () => void {
  let current: HostView | null = null;
  const follow = async (view: HostView): Promise<void> => {
    const previous = current;
    current = view;
    if (view.state === 'running' && view.url !== null) {
      if (previous?.state === 'running' && previous.since === view.since) return;
      const pool = await connect(view.url);
      if (current.state === 'running' && current.since === view.since) setPool(pool);
    } else if (view.state === 'stopped' || view.state === 'failed') setPool(null);
  };
  void follow(host.view());
  return host.subscribe((view) => void follow(view));
}

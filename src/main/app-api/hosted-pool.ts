// Connects the app to the pool of the scheduler that this computer hosts. Each run of the scheduler gets a new connection, because
// event ids of one run are not valid in the next one.
import type { HostView } from '../../shared/api/app-state';
import type { HostPort, PoolPort, TrustPort } from '../contracts/ports';

export interface HostedPoolOptions {
  readonly host: HostPort;
  /** Creates the clients of the scheduler at this address. */
  readonly connect: (url: string) => Promise<HostedPool>;
  readonly setPool: (pool: PoolPort | null, trust: TrustPort | null) => void;
}

export interface HostedPool {
  readonly pool: PoolPort;
  readonly trust: TrustPort;
}

/** Follows the host until the returned function is called. During a restart the last nodes stay visible. */
export function followHostedPool({ host, connect, setPool }: HostedPoolOptions): () => void {
  let current: HostView | null = null;
  const follow = async (view: HostView): Promise<void> => {
    const previous = current;
    current = view;
    if (view.state === 'running' && view.url !== null) {
      if (previous?.state === 'running' && previous.since === view.since) return;
      const { pool, trust } = await connect(view.url);
      if (current.state === 'running' && current.since === view.since) setPool(pool, trust);
    } else if (view.state === 'stopped' || view.state === 'failed') setPool(null, null);
  };
  void follow(host.view());
  return host.subscribe((view) => void follow(view));
}

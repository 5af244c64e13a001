// Which processes of this machine work for the pool, for the measurement of the owner's load (docs/hardware.md).
import { isLoopbackUrlHost, portOfUrl } from '../../../shared/loopback';
import type { PoolUse } from '../../hardware/parse/pool-sample';
import type { RuntimesUse } from '../../runtimes/core/runtime-use';

/** The parts of a WebSocket address. */
export interface SchedulerUrl {
  readonly hostname: string;
  readonly port: string;
  readonly protocol: string;
}

/**
 * `pid`: this process. Everything that Muster starts, its commands included, is a child. `scheduler`: the address of the pool, or null.
 * A scheduler on this machine may be another program.
 */
export function poolUseOf(pid: number, scheduler: SchedulerUrl | null, runtimes: RuntimesUse): PoolUse {
  const isHere = scheduler !== null && isLoopbackUrlHost(scheduler.hostname);
  return { pids: [pid], ports: isHere ? [portOfUrl(scheduler)] : [], ...runtimes };
}

// A leader whose HTTP server is the test's: it gets the requests that replicas forward.
import { createServer, type RequestListener } from 'node:http';
import { systemClock } from '../../src/main/platform/clock';
import type { InProcessNetwork } from '../../src/main/scheduler/cluster/bus/in-process-network';
import { ForwardedRequests } from '../../src/main/scheduler/forwarded/forwarded-requests';
import { openForwarded } from '../../src/main/scheduler/forwarded/open-forwarded';
import { POOL } from './replicated-scheduler';

export interface ForwardingLeader {
  /** Does not lead any more, without a message to anyone. */
  die(): void;
  stop(): Promise<void>;
}

export function startForwardingLeader(network: InProcessNetwork, epoch: number, listener: RequestListener): ForwardingLeader {
  const { bus, link } = network.join(POOL, systemClock);
  const server = createServer(listener);
  const leader = { bus, clock: systemClock, epoch, leads: () => true };
  const links = openForwarded(leader, [new ForwardedRequests({ server, ...leader })]);
  return {
    die: () => {
      network.leave(link);
    },
    stop: async () => {
      links.stop();
      server.closeAllConnections();
      await bus.close();
    },
  };
}

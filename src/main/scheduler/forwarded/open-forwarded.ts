// Opens the channels of a term: each service gets each new channel.
import type { Clock } from '../../platform/clock';
import type { Bus } from '../cluster/bus/bus';
import { ReplicaLinks } from '../cluster/channel/replica-links';
import type { ChannelService } from './channel-service';

/** The bus of a member that leads, for one term. */
export interface LeaderBus {
  readonly bus: Bus;
  /** Of the bus. */
  readonly clock: Clock;
  /** Of the lease. */
  readonly epoch: number;
  /** By its own clock: whether this member still leads. */
  readonly leads: () => boolean;
}

export function openForwarded({ bus, clock, epoch, leads }: LeaderBus, services: readonly ChannelService[]): ReplicaLinks {
  const links = new ReplicaLinks({
    ...{ bus, clock, epoch, leads },
    onChannel: (channel) => {
      for (const service of services) service.attach(channel);
    },
  });
  links.start();
  return links;
}

// The bus of one process keeps the contract of every bus, and those of streams and channels.
import { systemClock } from '../../../src/main/platform/clock';
import { InProcessNetwork } from '../../../src/main/scheduler/cluster/bus/in-process-network';
import { busContract, type OpenBus } from './bus-contract';
import { channelContract } from './channel-contract';
import { streamContract } from './stream-contract';

function openInProcess(): Promise<OpenBus> {
  const network = new InProcessNetwork();
  const join = (poolId: string, isLimited = false) =>
    network.join(poolId, systemClock, isLimited ? (_, subject) => subject.startsWith('muster.pool-1.secret') : undefined);
  const members = [join('pool-1'), join('pool-1'), join('pool-1', true)] as const;
  const foreign = join('pool-2');
  return Promise.resolve({
    members: [members[0].bus, members[1].bus, members[2].bus],
    foreign: foreign.bus,
    interrupt: () => {
      for (const { link } of members) link.disconnect();
      return Promise.resolve();
    },
    restore: () => {
      for (const { link } of members) link.reconnect();
      return Promise.resolve();
    },
    close: async () => {
      for (const { bus } of [...members, foreign]) await bus.close();
    },
  });
}

busContract('in process', openInProcess);
streamContract('in process', openInProcess);
channelContract('in process', openInProcess);

// The bus over a real NATS server keeps the contract of every bus, and those of streams and channels.
import { describe } from 'vitest';
import { systemClock } from '../../../src/main/platform/clock';
import type { Bus } from '../../../src/main/scheduler/cluster/bus/bus';
import { openNatsBus } from '../../../src/main/scheduler/cluster/bus/open-nats-bus';
import { NatsServer, natsServer } from '../../support/nats';
import { skipNote } from '../../support/requirements';
import { until } from '../../support/until';
import { busContract, type OpenBus } from './bus-contract';
import { channelContract } from './channel-contract';
import { streamContract } from './stream-contract';

const CONFIGURATION = `authorization { users = [
  { user: muster, password: "all", permissions: { publish: "muster.>", subscribe: "muster.>" } }
  { user: limited, password: "some", permissions: {
    publish: { allow: "muster.>", deny: "muster.*.secret.>" }, subscribe: { allow: "muster.>", deny: "muster.*.secret.>" } } }
] }
`;

async function openOverNats(): Promise<OpenBus> {
  const server = await NatsServer.start(CONFIGURATION);
  const join = async (poolId: string, user: string): Promise<Bus> => {
    const settings = { url: `nats://${user}@${server.host}`, credentialsFile: null, caFile: null, memberName: 'test' };
    const bus = await openNatsBus(settings, poolId, systemClock);
    if (!bus.ok) throw new Error(bus.error);
    await until('the connection to nats-server', () => bus.value.isConnected);
    return bus.value;
  };
  const members = [await join('pool-1', 'muster:all'), await join('pool-1', 'muster:all'), await join('pool-1', 'limited:some')] as const;
  const foreign = await join('pool-2', 'muster:all');
  return {
    members,
    foreign,
    interrupt: () => server.kill(),
    restore: () => server.restart(),
    close: async () => {
      await Promise.all([...members, foreign].map((bus) => bus.close()));
      await server.close();
    },
  };
}

describe.skipIf(natsServer.missing !== undefined)(`NATS${skipNote(natsServer)}`, () => {
  busContract('NATS', openOverNats);
  streamContract('NATS', openOverNats);
  channelContract('NATS', openOverNats);
});

// A member of a bus over NATS in a process of its own, for the benchmark of the bus. Its parent sends orders; each answer has the CPU time.
// Usage: bus-member <url>.
import { systemClock } from '../src/main/platform/clock';
import { openNatsBus } from '../src/main/scheduler/cluster/bus/open-nats-bus';
import { readStream, type StreamOrder, writeStream } from './bus-streams';

export type Order = StreamOrder & { readonly type: 'read' | 'write' };

const [, , url = ''] = process.argv;
const opened = await openNatsBus({ url, credentialsFile: null, caFile: null, memberName: 'bench' }, 'bench', systemClock);
if (!opened.ok) throw new Error(opened.error);
const bus = opened.value;

async function perform(order: Order): Promise<void> {
  const before = process.cpuUsage();
  const done = order.type === 'read' ? readStream(bus, order) : writeStream(bus, order);
  process.send?.({ type: 'begun' });
  await done;
  const { user, system } = process.cpuUsage(before);
  process.send?.({ type: 'done', cpuMs: (user + system) / 1000 });
}

process.on('message', (order: Order) => void perform(order));
process.on('disconnect', () => process.exit());
bus.onStatus(({ type }) => {
  if (type === 'connected') process.send?.({ type: 'connected' });
});
if (bus.isConnected) process.send?.({ type: 'connected' });

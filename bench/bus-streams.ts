// The two ends of a stream of equal chunks, for the benchmark of the bus.
import { systemClock } from '../src/main/platform/clock';
import type { Bus } from '../src/main/scheduler/cluster/bus/bus';
import { InProcessNetwork } from '../src/main/scheduler/cluster/bus/in-process-network';
import { StreamReceiver } from '../src/main/scheduler/cluster/bus/stream-receiver';
import { StreamSender } from '../src/main/scheduler/cluster/bus/stream-sender';

export interface StreamOrder {
  readonly id: string;
  readonly chunks: number;
  readonly bytes: number;
}

export async function writeStream(bus: Bus, { id, chunks, bytes }: StreamOrder): Promise<void> {
  const sender = new StreamSender(bus, systemClock, id);
  for (let index = 0; index < chunks; index++) if (!sender.write(new Uint8Array(bytes))) await sender.whenDrained();
  sender.end();
  const end = await sender.ended;
  if (end.type !== 'delivered') throw new Error(`the stream ended: ${JSON.stringify(end)}`);
}

export async function readStream(bus: Bus, { id, chunks }: StreamOrder): Promise<void> {
  const receiver = new StreamReceiver(bus, systemClock, id);
  for (let index = 0; ; index++) {
    const { type } = await receiver.read();
    if (type === 'piece') continue;
    if (type === 'failed' || index !== chunks) throw new Error(`${type} after ${String(index)} of ${String(chunks)} chunks`);
    return;
  }
}

/** Returns the CPU time of both ends in ms. */
export async function streamInProcess(order: StreamOrder): Promise<number> {
  const network = new InProcessNetwork();
  const [one, two] = [network.join('bench', systemClock).bus, network.join('bench', systemClock).bus];
  const before = process.cpuUsage();
  await Promise.all([readStream(two, order), writeStream(one, order)]);
  const { user, system } = process.cpuUsage(before);
  await Promise.all([one.close(), two.close()]);
  return (user + system) / 1000;
}

// Streams of numbered chunks, so that a lost, doubled or moved chunk shows.
import type { StreamReceiver } from '../../src/main/scheduler/cluster/bus/stream-receiver';
import type { StreamSender } from '../../src/main/scheduler/cluster/bus/stream-sender';

interface Writing {
  /** Bytes of a chunk, at least 4. */
  readonly size: number;
  readonly onWrite?: () => unknown;
}

/** Writes the numbers from 0 on, waits as the sender asks, and ends the stream. */
export async function writeNumbers(sender: StreamSender, count: number, { size, onWrite }: Writing): Promise<void> {
  for (let index = 0; index < count; index++) {
    const chunk = new Uint8Array(size);
    new DataView(chunk.buffer).setUint32(0, index);
    const mayGoOn = sender.write(chunk);
    onWrite?.();
    if (!mayGoOn) await sender.whenDrained();
  }
  sender.end();
}

/** The numbers up to the end of the stream. Throws when the stream failed. */
export async function numbersOf(receiver: StreamReceiver, onNumber?: (number: number) => unknown): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (;;) {
    const item = await receiver.read();
    if (item.type === 'end') return numbers;
    if (item.type === 'failed') throw new Error(`the stream failed after ${String(numbers.length)} chunks: ${item.code}`);
    const number = new DataView(item.bytes.buffer, item.bytes.byteOffset).getUint32(0);
    numbers.push(number);
    await onNumber?.(number);
  }
}

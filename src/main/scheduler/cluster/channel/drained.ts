// Waits until a channel takes more, or has ended.
import type { Channel } from './channel';

/** One sender may fill the channel again; the others go on waiting. */
export async function drained(channel: Pick<Channel, 'isFull' | 'isOpen' | 'whenDrained'>): Promise<void> {
  while (channel.isFull && channel.isOpen) await channel.whenDrained();
}

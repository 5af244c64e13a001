// What a member of a bus saw: its statuses and the messages of its subscriptions.
import type { Bus, BusFault, BusStatus } from '../../src/main/scheduler/cluster/bus/bus';

export const textBytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const bytesText = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export class RecordedBus {
  readonly bus: Bus;
  readonly statuses: BusStatus[] = [];
  /** `subject: body` of each message. */
  readonly messages: string[] = [];

  constructor(bus: Bus) {
    this.bus = bus;
    bus.onStatus((status) => this.statuses.push(status));
  }

  record(pattern: string): () => void {
    return this.bus.subscribe(pattern, ({ subject, body }) => this.messages.push(`${subject}: ${bytesText(body)}`));
  }

  publish(subject: string, text: string, epoch?: number): boolean {
    return this.bus.publish(subject, textBytes(text), epoch === undefined ? {} : { epoch });
  }

  faults(): readonly BusFault[] {
    return this.statuses.flatMap((status) => (status.type === 'fault' ? [status.fault] : []));
  }

  /** The statuses without faults. */
  changes(): readonly string[] {
    return this.statuses.filter(({ type }) => type !== 'fault').map(({ type }) => type);
  }
}

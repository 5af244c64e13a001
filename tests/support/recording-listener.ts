// A subscriber of AppApi that keeps what it gets.
import type { AppListener } from '../../src/shared/api/app-api';
import { type AppEvent, type AppState, applyAppEvents } from '../../src/shared/api/app-state';

/** Keeps the events of a subscriber, and the state after them. */
export class RecordingListener implements AppListener {
  readonly messages: (readonly AppEvent[])[] = [];
  readonly connections: string[] = [];
  state: AppState | null = null;

  get events(): readonly AppEvent[] {
    return this.messages.flat();
  }

  onEvents(events: readonly AppEvent[]): void {
    this.messages.push(events);
    this.state = applyAppEvents(this.state, events);
  }

  onConnection(state: string): void {
    this.connections.push(state);
  }

  types(): string[] {
    return this.events.map(({ type }) => type);
  }
}

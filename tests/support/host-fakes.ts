// The scheduler that the app hosts, in memory.
import type { HostView } from '../../src/shared/api/app-state';
import { ok } from '../../src/shared/result';
import type { Done, HostPort, HostSettings } from '../../src/main/contracts/ports';
import { hostView } from '../fixtures/app-states/host';
import { Subject } from './subject';

export class FakeHost implements HostPort {
  readonly calls: unknown[] = [];
  readonly subject = new Subject<HostView>();
  present = hostView();
  /** The outcome of `start`. On success the host then runs at `url`. */
  startOutcome: Done = ok(undefined);
  url = 'http://127.0.0.1:7080';

  view(): HostView {
    return this.present;
  }

  subscribe(listener: (view: HostView) => void): () => void {
    return this.subject.subscribe(listener);
  }

  change(change: Partial<HostView>): void {
    this.present = { ...this.present, ...change };
    this.subject.publish(this.present);
  }

  start({ scope, plainHttpApi, announce }: HostSettings): Promise<Done> {
    const settings = [plainHttpApi, announce].every((setting) => setting === undefined) ? [] : [{ plainHttpApi, announce }];
    this.calls.push(['start', scope, ...settings]);
    this.change(this.startOutcome.ok ? { state: 'running', scope, url: this.url } : { state: 'failed', scope, url: null });
    return Promise.resolve(this.startOutcome);
  }

  restart(): Promise<Done> {
    this.calls.push(['restart']);
    return Promise.resolve(this.startOutcome);
  }

  stop(): Promise<Done> {
    this.calls.push(['stop']);
    this.change({ state: 'stopped', url: null });
    return Promise.resolve(ok(undefined));
  }
}

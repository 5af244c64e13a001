// The scheduler that the app hosts, in memory.
import type { HostView } from '../../src/shared/api/app-state';
import { ok } from '../../src/shared/result';
import type { Done, HostPort, HostSettings } from '../../src/main/contracts/ports';
import { Subject } from './subject';

export const hostView = (change: Partial<HostView> = {}): HostView => ({
  state: 'stopped',
  scope: 'this_computer',
  since: 1,
  url: null,
  lan_urls: [],
  join_link: null,
  plain_http_api: false,
  announced: true,
  ca_file: null,
  restarts: 0,
  next_restart_at: null,
  exit_code: null,
  error_code: null,
  last_log_lines: [],
  ...change,
});

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

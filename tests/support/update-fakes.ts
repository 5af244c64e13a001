// An update of the app that does nothing, for tests of AppApi.
import type { UpdateView } from '../../src/shared/api/update';
import { ok } from '../../src/shared/result';
import type { Done } from '../../src/main/contracts/ports';
import type { UpdatePort } from '../../src/main/contracts/update-port';

export class FakeUpdate implements UpdatePort {
  readonly calls: string[] = [];

  view(): UpdateView {
    return { obstacle: null, phase: { state: 'idle' }, checked_at: null };
  }

  subscribe(): () => void {
    return () => undefined;
  }

  check(): Promise<Done> {
    this.calls.push('check');
    return Promise.resolve(ok(undefined));
  }

  download(): Done {
    this.calls.push('download');
    return ok(undefined);
  }

  cancel(): Promise<Done> {
    this.calls.push('cancel');
    return Promise.resolve(ok(undefined));
  }

  install(): Promise<Done> {
    this.calls.push('install');
    return Promise.resolve(ok(undefined));
  }
}

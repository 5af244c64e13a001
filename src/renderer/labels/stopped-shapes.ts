// The shape of the own pool while it does not run.
import type { AwaitedHost } from '../../shared/api/own-host';
import { cannotStart } from './host-failure';
import type { Shape } from './shape';

export function stoppedShape(host: AwaitedHost): Shape {
  if (host.state === 'failed') return 'refused';
  return cannotStart(host) ? 'degraded' : 'waiting';
}

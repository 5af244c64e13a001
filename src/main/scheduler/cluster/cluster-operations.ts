// The operations of operators on the cluster.
import { hasOtherMember } from '../../../shared/api/cluster';
import { ok } from '../../../shared/result';
import { failure } from '../../contracts/app-errors';
import type { ClusterPort } from '../../contracts/cluster-port';
import type { PoolPort } from '../../contracts/ports';
import type { Clock } from '../../platform/clock';
import { alone, type AloneOptions } from './alone';

export interface ClusterOperationsOptions extends AloneOptions {
  /** Undefined: this scheduler is alone. */
  readonly port: ClusterPort | undefined;
  /** Of this scheduler. */
  readonly address: () => { readonly host: string; readonly port: number };
  /** The number of members that forward to this one. */
  readonly channels: () => number;
  readonly clock: Pick<Clock, 'wallMs' | 'setTimer'>;
}

const STEP_DOWN_AFTER_MS = 100;

export function clusterOperations({
  port,
  address,
  channels,
  ...options
}: ClusterOperationsOptions): Pick<PoolPort, 'cluster' | 'stepDown'> {
  const cluster = port ?? alone(options, address);
  return {
    async cluster() {
      const view = await cluster.view();
      return ok({ ...view, bus: view.bus === null ? null : { ...view.bus, channels: channels() } });
    },
    async stepDown() {
      const view = await cluster.view();
      if (view.epoch === null) return failure('INVALID_STATE', { reason: 'not_a_cluster' });
      if (!hasOtherMember(view)) return failure('INVALID_STATE', { reason: 'no_other_member' });
      // The connections of this scheduler end with its term, so the answer goes first.
      options.clock.setTimer(STEP_DOWN_AFTER_MS, () => void cluster.stepDown());
      return ok(undefined);
    },
  };
}

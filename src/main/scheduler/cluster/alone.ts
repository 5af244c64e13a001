// The cluster of a scheduler that is alone, with files in its data folder.
import { hostname } from 'node:os';
import { hostAndPort } from '../../../shared/host-and-port';
import type { ClusterPort } from '../../contracts/cluster-port';
import type { Clock } from '../../platform/clock';

export interface AloneOptions {
  readonly version: string;
  readonly clock: Pick<Clock, 'wallMs'>;
}

export function alone({ version, clock }: AloneOptions, address: () => { readonly host: string; readonly port: number }): ClusterPort {
  const startedAtWallMs = Math.round(clock.wallMs());
  const name = hostname();
  const addressText = (): string => hostAndPort(address().host, address().port);
  return {
    view: () =>
      Promise.resolve({
        epoch: null,
        leader: name,
        leads_since: null,
        self: name,
        members: [{ name, address: addressText(), version, role: 'leader', started_at: startedAtWallMs, seen_seconds: 0, has_bus: null }],
        database: { kind: 'sqlite', address: null, standbys: [] },
        bus: null,
        terms: [],
      }),
    stepDown: () => Promise.resolve(false),
  };
}

// The cluster of a scheduler that is alone, with files in its data folder.
import type { ClusterPort } from '../../contracts/cluster-port';

export interface AloneOptions {
  readonly name: string;
  readonly address: () => string;
  readonly version: string;
  /** Unix ms. */
  readonly startedAtWallMs: number;
}

export const alone = ({ name, address, version, startedAtWallMs }: AloneOptions): ClusterPort => ({
  view: () =>
    Promise.resolve({
      epoch: null,
      leader: name,
      self: name,
      members: [{ name, address: address(), version, role: 'leader', started_at: startedAtWallMs, seen_seconds: 0 }],
      database: { kind: 'sqlite', address: null, standbys: [] },
    }),
  stepDown: () => Promise.resolve(false),
});

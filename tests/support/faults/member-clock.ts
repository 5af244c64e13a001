// The wall clocks of the members of a cluster: see wall-clock.ts.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { MusterLab } from '../muster-process';
import type { ClusterPool, ClusterPoolMember } from './cluster-pool';

const WALL_CLOCK = `--import ${pathToFileURL(path.join(import.meta.dirname, 'wall-clock.ts')).href}`;

const clockFile = (name: string, lab: MusterLab): string => path.join(lab.folder, `clock-${name}`);

/** The environment of a member whose clock `setClock` sets. */
export const clockEnv = (name: string, lab: MusterLab) => ({
  NODE_OPTIONS: WALL_CLOCK,
  MUSTER_TEST_CLOCK_FILE: clockFile(name, lab),
});

/** Waits until the member has noticed it. */
export async function setClock(pool: ClusterPool, member: ClusterPoolMember, aheadMs: number): Promise<void> {
  const process = pool.processOf(member);
  const lines = process.lines.length;
  writeFileSync(clockFile(member.name, pool.lab), String(aheadMs));
  process.signal('SIGUSR2');
  await process.line('cluster_clock_differs', {}, lines);
}

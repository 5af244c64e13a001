// Which program runs our child processes: Electron's own, or the Node that MUSTER_NODE_EXEC names (for an Electron whose Node is
// too old for the scheduler's database; only an unpacked app listens to it).
import path from 'node:path';
import { nodeChild, type SpawnChild } from '../hosting/supervised-child';
import { nodeProbeChild, type SpawnProbeChild } from '../hardware/probe/probe-child-process';
import { utilityChild, utilityProbeChild } from './utility-children';

export interface ChildSpawners {
  readonly spawnProbe: SpawnProbeChild;
  readonly spawnScheduler: SpawnChild;
}

/** `programDir` holds the built programs; `nodeExec` null: Electron's own. */
export function childSpawners(programDir: string, nodeExec: string | null): ChildSpawners {
  const probe = path.join(programDir, 'hardware-probe.js');
  const scheduler = path.join(programDir, 'cli.js');
  return nodeExec === null
    ? { spawnProbe: utilityProbeChild(probe), spawnScheduler: utilityChild(scheduler) }
    : { spawnProbe: nodeProbeChild(probe, nodeExec), spawnScheduler: nodeChild(scheduler, nodeExec) };
}

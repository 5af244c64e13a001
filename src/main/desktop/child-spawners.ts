// The program that runs child processes: Electron, or the Node that MUSTER_NODE_EXEC names. An unpacked app uses the variable when the
// Node of its Electron is too old for the scheduler's database.
import path from 'node:path';
import { nodeChild, type SpawnChild } from '../hosting/supervised-child';
import { nodeProbeChild, type SpawnProbeChild } from '../hardware/probe/probe-child-process';
import { utilityChild, utilityProbeChild } from './utility-children';

export interface ChildSpawners {
  readonly spawnProbe: SpawnProbeChild;
  readonly spawnScheduler: SpawnChild;
}

/** `programDir`: the folder of the built programs. `nodeExec` null: use Electron. */
export function childSpawners(programDir: string, nodeExec: string | null): ChildSpawners {
  const probe = path.join(programDir, 'hardware-probe.js');
  const scheduler = path.join(programDir, 'cli.js');
  return nodeExec === null
    ? { spawnProbe: utilityProbeChild(probe), spawnScheduler: utilityChild(scheduler) }
    : { spawnProbe: nodeProbeChild(probe, nodeExec), spawnScheduler: nodeChild(scheduler, nodeExec) };
}

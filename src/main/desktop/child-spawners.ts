// The program that runs child processes: the command line of the package, else Electron. An unpacked app uses the Node that MUSTER_NODE_EXEC
// names when the Node of its Electron is too old for the scheduler's database.
import path from 'node:path';
import { nodeChild, type SpawnChild } from '../hosting/supervised-child';
import { nodeProbeChild, PROBE_WORD, type SpawnProbeChild } from '../hardware/probe/probe-child-process';
import { utilityChild, utilityProbeChild } from './utility-children';

export interface ChildSpawners {
  readonly spawnProbe: SpawnProbeChild;
  readonly spawnScheduler: SpawnChild;
}

export interface ChildPrograms {
  /** The folder of the built programs. */
  readonly programDir: string;
  /** Node.js for the built programs; null: none is named. */
  readonly nodeExec: string | null;
  /** The command line as one executable; null: the app has none. */
  readonly cliProgram: string | null;
}

export function childSpawners({ programDir, nodeExec, cliProgram }: ChildPrograms): ChildSpawners {
  const probe = path.join(programDir, 'hardware-probe.js');
  const scheduler = path.join(programDir, 'cli.js');
  if (nodeExec !== null) return { spawnProbe: nodeProbeChild(probe, nodeExec), spawnScheduler: nodeChild(nodeExec, [scheduler]) };
  if (cliProgram !== null) return { spawnProbe: nodeProbeChild(PROBE_WORD, cliProgram), spawnScheduler: nodeChild(cliProgram, []) };
  return { spawnProbe: utilityProbeChild(probe), spawnScheduler: utilityChild(scheduler) };
}

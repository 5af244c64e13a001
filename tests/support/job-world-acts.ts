// Frequent acts of tests with the job world.
import type { JobView } from '../../src/shared/api/job';
import type { SubmitChange } from './job-submission';
import { JobWorld, type JobWorldOptions, type NODE_IDS } from './job-world';
import type { ScriptedNode } from './scripted-node';

/** From the defaults of the lifecycle, which the world uses. */
export const HEARTBEAT_TIMEOUT_MS = 45_000;

export function nodeOf(world: JobWorld, nodeId: (typeof NODE_IDS)[number]): ScriptedNode {
  const node = world.nodes.get(nodeId);
  if (node === undefined) throw new Error(nodeId);
  return node;
}

/** In the order of the ids. */
export const viewsOf = (world: JobWorld, jobIds: readonly string[] = world.accepted): Promise<readonly (JobView | null)[]> =>
  Promise.all(jobIds.map((jobId) => world.view(jobId)));

/** Submits a job that must be accepted. */
export async function accepted(world: JobWorld, change: SubmitChange = {}): Promise<string> {
  const before = world.accepted.length;
  await world.submit(change);
  await world.settle();
  const jobId = world.accepted[before];
  if (jobId === undefined) throw new Error('not accepted');
  return jobId;
}

/** A world whose `node-a` was sent a job. */
export async function assigned(
  change: SubmitChange = {},
  options: JobWorldOptions = {},
): Promise<{ readonly world: JobWorld; readonly node: ScriptedNode; readonly jobId: string }> {
  const world = new JobWorld(options);
  const node = nodeOf(world, 'node-a');
  await node.connect();
  const jobId = await accepted(world, change);
  node.receive();
  return { world, node, jobId };
}

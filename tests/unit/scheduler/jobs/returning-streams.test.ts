// A node has reported a long stream and its end before the client returned. The client gets them in turns of the event loop.
import { expect, it, vi } from 'vitest';
import type { JobEvent } from '../../../../src/shared/api/job';
import type { JobWorld } from '../../../support/job-world';
import { assigned } from '../../../support/job-world-acts';
import type { ScriptedNode } from '../../../support/scripted-node';

const PARTS = 500;

it.each<readonly [string, (world: JobWorld, node: ScriptedNode) => Promise<void> | void]>([
  ['nothing happens', () => undefined],
  [
    'the node restarts without the result',
    async (_world, node) => {
      node.crash();
      await node.connect();
    },
  ],
  [
    'the node is quarantined',
    (world) => {
      world.scheduler.apply('node-a', { type: 'quarantine_requested', reason: null });
    },
  ],
])('%s meanwhile -> the client gets all parts in order, and the result', async (_what, acts) => {
  const { world, node, jobId } = await assigned({ interactive: true, streams: true }, { clientsReturn: true });
  node.deliver();
  await world.advance(1000);
  await world.crash();
  await node.connect();
  for (let part = 0; part < PARTS; part++) node.stream();
  node.finishOne('success');
  for (let message = 0; message < PARTS + 6; message++) node.deliver();
  const goOn = world.jobs.restart.claim(jobId);
  const events: JobEvent[] = [];
  const parts = (): readonly number[] => events.flatMap((event) => (event.type === 'chunk' ? event.seq : []));
  world.jobs.follow(jobId, (event) => events.push(event));
  goOn?.();
  expect(parts().length).toBeLessThan(PARTS);
  await acts(world, node);
  await vi.waitFor(() => {
    expect(events.at(-1)).toMatchObject({ job: { status: 'succeeded', result: { output: { chunks: PARTS } } } });
  });
  expect(parts()).toEqual(Array.from({ length: PARTS }, (_, part) => part));
});

// A node has reported a long stream and its end before the client returned. The client gets them in turns of the event loop.
import { expect, it, vi } from 'vitest';
import type { JobEvent } from '../../../../src/shared/api/job';
import type { JobWorld } from '../../../support/job-world';
import { assigned, HEARTBEAT_TIMEOUT_MS } from '../../../support/job-world-acts';
import type { ScriptedNode } from '../../../support/scripted-node';
import { TurnCounts } from '../../../support/turn-counts';

const PARTS = 500;
/** Of the parts. */
const MOST_IN_ONE_TURN = 200;
const all = Array.from({ length: PARTS }, (_, part) => part);

/** `node-a` has reported all parts and the result to a scheduler that does not know the client yet. */
async function reported(): Promise<{ readonly world: JobWorld; readonly node: ScriptedNode; readonly jobId: string }> {
  const { world, node, jobId } = await assigned({ interactive: true, streams: true }, { clientsReturn: true });
  node.deliver();
  await world.advance(1000);
  await world.crash();
  await node.connect();
  for (let part = 0; part < PARTS; part++) node.stream();
  node.finishOne('success');
  for (let message = 0; message < PARTS + 6; message++) node.deliver();
  return { world, node, jobId };
}

/** The node stays, so that it is not lost with its reports. */
async function afterGrace(world: JobWorld, node: ScriptedNode): Promise<void> {
  await world.advance(HEARTBEAT_TIMEOUT_MS / 2);
  node.beat();
  node.deliver();
  await world.advance(HEARTBEAT_TIMEOUT_MS / 2);
}

const partsOf = (events: readonly JobEvent[]): readonly number[] => events.flatMap((event) => (event.type === 'chunk' ? event.seq : []));
const SUCCEEDED = { status: 'succeeded', result: { output: { chunks: PARTS } } };

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
    'the node names the attempt again',
    async (_world, node) => {
      node.disconnect();
      await node.connect();
    },
  ],
  [
    'the node is quarantined',
    (world) => {
      world.scheduler.apply('node-a', { type: 'quarantine_requested', reason: null });
    },
  ],
])('%s meanwhile -> the client gets all parts in order, in turns, and the result', async (_what, acts) => {
  const { world, node, jobId } = await reported();
  const goOn = world.jobs.restart.claim(jobId);
  const events: JobEvent[] = [];
  const turns = new TurnCounts();
  world.jobs.follow(jobId, (event) => {
    turns.count();
    events.push(event);
  });
  goOn?.();
  expect(partsOf(events).length).toBeLessThan(PARTS);
  await acts(world, node);
  await vi.waitFor(() => {
    expect(events.at(-1)).toMatchObject({ job: SUCCEEDED });
  });
  turns.stop();
  expect(turns.most).toBeLessThan(MOST_IN_ONE_TURN);
  expect(partsOf(events)).toEqual(all);
});

it('the job is followed before its client returns -> the follower gets all parts in order, in turns, and the result', async () => {
  const { world, jobId } = await reported();
  const events: JobEvent[] = [];
  world.jobs.follow(jobId, (event) => events.push(event));
  expect(partsOf(events).length).toBeLessThan(MOST_IN_ONE_TURN);
  await vi.waitFor(() => {
    expect(events.at(-1)).toMatchObject({ job: SUCCEEDED });
  });
  expect(partsOf(events)).toEqual(all);
});

it('the job is cancelled before its client returns -> the result that waits comes first', async () => {
  const { world, jobId } = await reported();
  const cancelled = world.jobs.cancel(jobId, 'requested');
  expect(world.jobs.counts.running).toBe(1);
  expect(await cancelled).toEqual({ ok: false, error: 'already_ended' });
  expect(await world.view(jobId)).toMatchObject({ status: 'succeeded' });
});

it('the client does not return -> the reports are passed on in turns, and the result comes before the cancellation', async () => {
  const { world, node, jobId } = await reported();
  const turns = new TurnCounts();
  const { chunks } = world.jobs.nodes;
  const take = chunks.take.bind(chunks);
  const taken = vi.spyOn(chunks, 'take').mockImplementation((...chunk) => {
    turns.count();
    take(...chunk);
  });
  await afterGrace(world, node);
  await vi.waitFor(async () => {
    expect(await world.view(jobId)).toMatchObject({ status: 'succeeded' });
  });
  turns.stop();
  expect(taken.mock.calls.map(([, { seq }]) => seq)).toEqual(all);
  expect(turns.most).toBeLessThan(MOST_IN_ONE_TURN);
});

it('the process ends while reports are passed on -> the node repeats the result to the next scheduler', async () => {
  const { world, node, jobId } = await reported();
  const cancelled = world.jobs.cancel(jobId, 'requested');
  await world.jobs.stop();
  expect(await cancelled).toEqual({ ok: false, error: 'storage_full' });
  expect(node.unacknowledged.size).toBe(1);
  await world.crash();
  await node.connect();
  for (let message = 0; message < PARTS + 6; message++) node.deliver();
  await afterGrace(world, node);
  await vi.waitFor(async () => {
    expect(await world.view(jobId)).toMatchObject(SUCCEEDED);
  });
  await world.advance(1000);
  while (node.hasMessages) node.receive();
  expect(node.unacknowledged.size).toBe(0);
});

// What the view of a held job and an explanation say about the wait for a full node.
import { describe, expect, it } from 'vitest';
import { parseRequirements } from '../../../../src/main/scheduler/dispatch/job-requirements';
import { DEFAULT_DISPATCH_POLICY } from '../../../../src/main/scheduler/dispatch/policy';
import { MAX_HOLD_MS } from '../../../../src/main/scheduler/dispatch/holding';
import { explanationSchema } from '../../../../src/shared/api/dispatch';
import { jobViewSchema } from '../../../../src/shared/api/job';
import { JobWorld } from '../../../support/job-world';
import { accepted, nodeOf } from '../../../support/job-world-acts';

const MODEL = 'llm-a';

/** `node-a` is fast and full, `node-b` is slow and free. Both have run the model. */
async function fastAndFull(settings: ConstructorParameters<typeof JobWorld>[0] = {}): Promise<JobWorld> {
  const world = new JobWorld(settings);
  for (const [nodeId, perSecond] of [
    ['node-a', 400],
    ['node-b', 10],
  ] as const) {
    await nodeOf(world, nodeId).connect();
    const sample = { inputPerSecond: perSecond, outputPerSecond: perSecond, concurrency: 1, loadSeconds: null, slowdown: null };
    world.scheduler.apply(nodeId, { type: 'job_measured', modelId: MODEL, sample });
  }
  for (let i = 0; i < 10 && (await isOnFast(world)); i++);
  return world;
}

async function isOnFast(world: JobWorld): Promise<boolean> {
  return (await world.view(await accepted(world)))?.node_id === 'node-a';
}

const lastView = (world: JobWorld) => world.view(world.accepted.at(-1) ?? '');

describe('held job', () => {
  it('view -> node, prediction there and on the best free node, and the time until which it waits', async () => {
    const world = await fastAndFull();
    const view = await lastView(world);
    const held = view?.waiting?.held;
    expect(view?.status).toBe('queued');
    expect(held).toMatchObject({
      reason: 'held_for_node',
      node: { node_id: 'node-a', measured: true },
      best_free: { node_id: 'node-b', terms: { slot: 0 } },
      max_seconds: 30,
      until: world.clock.wallMs() + MAX_HOLD_MS,
    });
    expect(held?.node.terms.slot).toBeGreaterThan(0);
    expect((held?.node.seconds ?? Infinity) * 1.5).toBeLessThan(held?.best_free.seconds ?? 0);
    expect(jobViewSchema.parse(view)).toEqual(view);
  });

  it.each([{ holdsJobs: false }, { strategy: 'least_connections' as const }])(
    'settings change to %j while a job is held -> it goes to the free node',
    async (change) => {
      const world = await fastAndFull();
      expect((await lastView(world))?.waiting?.held?.reason).toBe('held_for_node');
      const { strategy, holdsJobs, limits } = DEFAULT_DISPATCH_POLICY;
      world.scheduler.configure({ strategy, holdsJobs, limits, ...change });
      expect(await lastView(world)).toMatchObject({ status: 'assigned', waiting: null, node_id: 'node-b' });
    },
  );

  it('wait_for_node false -> not held, assigned to the best free node at once', async () => {
    const world = await fastAndFull();
    await accepted(world, { waitForNode: false });
    expect(await lastView(world)).toMatchObject({ status: 'assigned', waiting: null, node_id: 'node-b' });
  });

  it('full queue, the only waiting job is held -> the next one goes to the free node instead of being refused', async () => {
    const world = await fastAndFull({ maxQueued: 1 });
    expect(await lastView(world)).toMatchObject({ status: 'queued', waiting: { held: { reason: 'held_for_node' } } });
    await accepted(world);
    expect(await lastView(world)).toMatchObject({ status: 'assigned', node_id: 'node-b' });
  });

  it('longest time over -> assigned to the best free node, with its prediction', async () => {
    const world = await fastAndFull();
    await world.advance(MAX_HOLD_MS);
    await world.settle();
    const view = await lastView(world);
    expect(view).toMatchObject({ waiting: null, node_id: 'node-b', attempts: [{ prediction: { nodes: [{ node_id: 'node-b' }] } }] });
  });
});

describe('explain: pool with known rates', () => {
  const requirements = parseRequirements({ required_models: [MODEL], public: true });

  it('full fast node -> the free node is chosen, and the job would be held for the fast one', async () => {
    const world = await fastAndFull();
    const explanation = world.scheduler.dispatcher.explain(requirements);
    expect(explanation).toMatchObject({
      chosen: 'node-b',
      prediction: { route: 'only', nodes: [{ node_id: 'node-b' }] },
      held: { reason: 'held_for_node', node: { node_id: 'node-a' }, best_free: { node_id: 'node-b' } },
    });
    expect(explanationSchema.parse(explanation)).toEqual(explanation);
  });

  it('size of the request -> predicted times of that size; default: the size that is expected of the model', async () => {
    const world = await fastAndFull();
    const termsOf = (size?: { readonly input: number | null; readonly output: number | null }) =>
      world.scheduler.dispatcher.explain(requirements, 0, size).prediction?.nodes[0]?.terms;
    const [usual, sized] = [termsOf(), termsOf({ input: 2000, output: 600 })];
    expect(sized?.input).toBeCloseTo(2 * (usual?.input ?? 0), 1);
    expect(sized?.output).toBeCloseTo(2 * (usual?.output ?? 0), 1);
    expect(termsOf({ input: null, output: 0 })).toMatchObject({ output: 0, input: usual?.input });
  });
});

// The steps of the simulations of jobs: what happens to a pool, in any order.
import fc from 'fast-check';
import { expect } from 'vitest';
import { isTerminal } from '../../src/shared/api/job';
import type { Fullness } from './fullable-store';
import type { SubmitChange } from './job-submission';
import { type JobWorld, NODE_IDS } from './job-world';
import { viewsOf } from './job-world-acts';
import type { Ending, ScriptedNode } from './scripted-node';

/** `toString`: for the report of a history that fails. */
export interface Step<World extends JobWorld = JobWorld> {
  readonly name: string;
  readonly act: (world: World) => unknown;
  toString(): string;
}

export const step = <World extends JobWorld = JobWorld>(name: string, act: (world: World) => unknown): Step<World> => ({
  name,
  act,
  toString: () => name,
});
const node = fc.constantFrom(...NODE_IDS);
export const onNode = (name: string, act: (of: ScriptedNode) => unknown) =>
  node.map((nodeId) =>
    step(`${name} ${nodeId}`, (world) => {
      const scripted = world.nodes.get(nodeId);
      return scripted === undefined ? undefined : act(scripted);
    }),
  );

/** `form`: whether a client waits, and wants the answer in parts. */
export const submissions = (form: fc.Arbitrary<Pick<SubmitChange, 'interactive' | 'streams'>>) =>
  fc
    .record({
      model: fc.constantFrom('llm-a', 'llm-a', 'llm-b'),
      priority: fc.integer({ min: 0, max: 2 }),
      maxAttempts: fc.integer({ min: 1, max: 3 }),
      nodeId: fc.option(node, { nil: undefined, freq: 5 }),
      totalTimeoutSeconds: fc.option(fc.constantFrom(5, 60), { nil: undefined, freq: 4 }),
      key: fc.option(fc.constantFrom('k1', 'k2'), { nil: undefined, freq: 4 }),
      form,
    })
    .map(({ key, nodeId, totalTimeoutSeconds, form: chosen, ...options }) => {
      const rest = { ...options, ...chosen };
      const limits = { ...(nodeId === undefined ? {} : { nodeId }), ...(totalTimeoutSeconds === undefined ? {} : { totalTimeoutSeconds }) };
      // A key belongs to one body.
      const change = key === undefined ? { ...rest, ...limits } : { key };
      return step(`submit ${JSON.stringify(change)}`, (world) => world.submit(change));
    });

const ending = fc.constantFrom<Ending>('success', 'success', 'success', 'nonsense', 'retryable', 'final');

/** Without submissions. */
export const poolSteps = [
  { weight: 8, arbitrary: fc.constant(step('flush', (world) => world.flush())) },
  { weight: 4, arbitrary: onNode('connect', (of) => of.connect()) },
  {
    weight: 8,
    arbitrary: onNode('receive', (of) => {
      of.receive();
      of.receive();
      of.receive();
    }),
  },
  {
    weight: 8,
    arbitrary: onNode('deliver', (of) => {
      of.deliver();
      of.deliver();
    }),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(node, ending)
      .map(([nodeId, how]) => step(`finish ${nodeId} ${how}`, (world) => world.nodes.get(nodeId)?.finishOne(how))),
  },
  {
    weight: 2,
    arbitrary: onNode('disconnect', (of) => {
      of.disconnect();
    }),
  },
  { weight: 2, arbitrary: onNode('replace', (of) => of.replaceConnection()) },
  {
    weight: 2,
    arbitrary: onNode('unregister', (of) => {
      of.startClosing();
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(node, fc.boolean()).map(([nodeId, isReading]) =>
      step(`read ${nodeId} ${String(isReading)}`, (world) => {
        world.nodes.get(nodeId)?.read(isReading);
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: onNode('crash', (of) => {
      of.crash();
    }),
  },
  {
    weight: 1,
    arbitrary: onNode('drain', (of) => {
      of.sendRequest('node_drain');
    }),
  },
  {
    weight: 1,
    arbitrary: onNode('resume', (of) => {
      of.sendRequest('node_resume');
      of.beat(3);
    }),
  },
  {
    weight: 1,
    arbitrary: fc.tuple(node, fc.constantFrom('quarantine', 'release')).map(([nodeId, act]) =>
      step(`${act} ${nodeId}`, (world) => {
        world.scheduler.apply(nodeId, act === 'release' ? { type: 'release_requested' } : { type: 'quarantine_requested', reason: null });
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: onNode('unregister', (of) => {
      of.sendRequest('node_unregister');
    }),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(node, fc.constantFrom(1, 90)).map(([nodeId, percent]) =>
      step(`use ${nodeId} ${String(percent)}`, (world) => {
        world.nodes.get(nodeId)?.use(percent);
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(node, fc.subarray(['llm-a', 'llm-b'], { minLength: 1 })).map(([nodeId, models]) =>
      step(`offer ${nodeId} ${models.join()}`, (world) => {
        world.nodes.get(nodeId)?.offer(...models);
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: onNode('beat', (of) => {
      of.beat(3);
    }),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(node, fc.nat(9)).map(([nodeId, index]) =>
      step(`repeat ${nodeId} ${String(index)}`, (world) => {
        world.nodes.get(nodeId)?.repeat(index);
      }),
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .constantFrom(300, 1000, 20_000, 60_000, 3_700_000)
      .map((ms) => step(`advance ${String(ms)}`, (world) => world.advance(ms))),
  },
  {
    weight: 1,
    arbitrary: fc.nat(9).map((index) =>
      step(`cancel ${String(index)}`, (world) => {
        world.cancel(world.accepted[index] ?? '');
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constant(step('scheduler killed', (world) => world.crash())),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Fullness>('nothing', 'results', 'everything').map((fullFor) =>
      step(`disk full for ${fullFor}`, (world) => {
        world.setFull(fullFor);
      }),
    ),
  },
] as const;
/** Of a slow store: any order of these, and a crash between any two. */
export const storeSteps = [
  {
    weight: 9,
    arbitrary: fc.constant(
      step('apply a write', (world) => {
        world.disk.apply();
      }),
    ),
  },
  {
    weight: 9,
    arbitrary: fc.constant(
      step('answer a write', (world) => {
        world.disk.answer();
      }),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.constant(
      step('answer a read', (world) => {
        world.disk.answerRead();
      }),
    ),
  },
  { weight: 2, arbitrary: fc.constant(step('store catches up', (world) => world.settle())) },
];

export interface Recovery<World> {
  /** The time of a round, ms. Default: 1000. */
  readonly stepMs?: number;
  /** Called in each round. */
  readonly round?: (world: World, round: number) => void;
  /** Something besides the jobs has not ended yet. */
  readonly mustGoOn?: (world: World) => boolean;
}

/** Ends all faults. Every job that can end does. */
export async function recover<World extends JobWorld>(
  world: World,
  { stepMs = 1000, round: act, mustGoOn }: Recovery<World> = {},
): Promise<void> {
  world.setFull('nothing');
  for (let round = 0; round < 400; round++) {
    act?.(world, round);
    await world.settle(false);
    for (const [nodeId, scripted] of world.nodes) {
      scripted.read(true);
      await scripted.connect();
      await world.settle(false);
      world.scheduler.apply(nodeId, { type: 'release_requested' });
      scripted.sendRequest('node_resume');
      scripted.offer('llm-a', 'llm-b');
      scripted.beat(3);
      for (let i = 0; i < 6; i++) scripted.receive();
      scripted.finishOne('success');
      scripted.resend();
      for (let i = 0; i < 6; i++) scripted.deliver();
    }
    await world.advance(stepMs);
    await world.settle();
    await world.check();
    if (round > 15 && mustGoOn?.(world) !== true && (await viewsOf(world)).every((view) => view !== null && isTerminal(view.status)))
      return;
  }
  expect((await viewsOf(world)).map((view) => view?.status)).toEqual([]);
}

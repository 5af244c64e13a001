// The leader of a cluster is killed at any time, and its clients return to the next one in any order, or never: the invariants of jobs hold.
// When all faults are over, every job and every client has its end, which is stored.
import fc from 'fast-check';
import { it } from 'vitest';
import { ClusterWorld } from '../support/cluster-world';
import { onNode, poolSteps, recover, step, storeSteps, submissions } from '../support/job-steps';
import type { JobWorld } from '../support/job-world';
import { HEARTBEAT_TIMEOUT_MS } from '../support/job-world-acts';
import { repetitions } from '../support/repetitions';
import type { ReplicaClient } from '../support/replica-client';
import type { ScriptedNode } from '../support/scripted-node';

const RUNS = repetitions({ few: 100, many: 5000 }, 'MUSTER_RUNS');

const stream = { interactive: true, streams: true };
const submit = submissions(fc.constantFrom(stream, stream, { interactive: true }, { interactive: false }));

/** `which`: those of which one does it. */
const onClient = (name: string, which: 'absent' | 'following', act: (world: ClusterWorld, client: ReplicaClient) => void) =>
  fc.nat(9).map((index) =>
    step<ClusterWorld>(`${name} ${String(index)}`, (world) => {
      const client = world[which].at(index % Math.max(1, world[which].length));
      if (client !== undefined) act(world, client);
    }),
  );

/** Nodes live, and go on with their jobs. */
async function gracePeriod(world: JobWorld): Promise<void> {
  for (let passedMs = 0; passedMs <= HEARTBEAT_TIMEOUT_MS; passedMs += HEARTBEAT_TIMEOUT_MS / 3) {
    for (const of of world.nodes.values()) of.beat();
    await world.advance(HEARTBEAT_TIMEOUT_MS / 3);
    await world.settle(false);
    for (const of of world.nodes.values()) for (let i = 0; i < 4; i++) of.receive();
  }
}

const work = (of: ScriptedNode): void => {
  for (let i = 0; i < 4; i++) of.receive();
  of.stream();
  for (let i = 0; i < 8; i++) of.deliver();
};

/** Nodes report more of a new stream before its client returns. Single steps are rarely in this order. */
async function leaderChanges(world: ClusterWorld): Promise<void> {
  await world.submit(stream);
  for (const of of world.nodes.values()) {
    for (let i = 0; i < 4; i++) of.receive();
    for (let i = 0; i < 8; i++) of.deliver();
  }
  await world.advance(300);
  await world.crash();
  for (const of of world.nodes.values()) {
    await of.connect();
    work(of);
    work(of);
  }
  for (const client of world.absent) world.returns(client);
}

const clientSteps = [
  { weight: 6, arbitrary: fc.constant(step('leader killed', (world) => world.crash())) },
  {
    weight: 20,
    arbitrary: fc.constant(
      step('nodes connect', async (world) => {
        for (const of of world.nodes.values()) await of.connect();
      }),
    ),
  },
  {
    weight: 40,
    arbitrary: onNode('work', work),
  },
  { weight: 10, arbitrary: fc.constant(step('changes are written', (world) => world.advance(300))) },
  { weight: 6, arbitrary: fc.constant(step('grace period', gracePeriod)) },
  {
    weight: 20,
    arbitrary: onClient('client returns', 'absent', (world, client) => {
      world.returns(client);
    }),
  },
  {
    weight: 1,
    arbitrary: onClient('client returns twice', 'following', (world, client) => {
      world.returns(client);
    }),
  },
  {
    weight: 1,
    arbitrary: onClient('channel lost', 'following', (world, client) => {
      world.cut(client);
    }),
  },
  {
    weight: 1,
    arbitrary: onClient('client leaves', 'following', (_world, client) => {
      client.leaves();
    }),
  },
  {
    weight: 1,
    arbitrary: onClient('absent client leaves', 'absent', (_world, client) => {
      client.leaves();
    }),
  },
  {
    weight: 1,
    arbitrary: onClient('keep alive', 'following', (_world, client) => {
      client.keepAlive();
    }),
  },
  {
    weight: 3,
    arbitrary: onClient('another follows the job of an absent client', 'absent', (world, client) => {
      world.jobs.follow(client.jobId, () => undefined);
      client.mayMissParts = true;
    }),
  },
];

const steps = fc.oneof({ weight: 20, arbitrary: submit }, ...poolSteps, ...clientSteps);
const slowSteps = fc.oneof({ weight: 20, arbitrary: submit }, ...poolSteps, ...clientSteps, ...storeSteps);
const histories = fc.boolean().chain((isSlow) =>
  fc.record({
    isSlow: fc.constant(isSlow),
    history: fc.array(isSlow ? slowSteps : steps, { minLength: 20, maxLength: isSlow ? 150 : 120, size: 'max' }),
  }),
);

/** Other steps between them make losses of parts seldom. */
const changes = fc.oneof(
  { weight: 2, arbitrary: submit },
  { weight: 2, arbitrary: onNode('work', work) },
  { weight: 1, arbitrary: fc.constant(step('changes are written', (world: ClusterWorld) => world.advance(300))) },
  { weight: 2, arbitrary: fc.constant(step('leader changes', leaderChanges)) },
);
const changing = fc.record({ isSlow: fc.constant(false), history: fc.array(changes, { minLength: 5, maxLength: 15, size: 'max' }) });

/** A third returns at once, a third within the grace period, and a third after it. */
const RETURN_ROUNDS = [0, 5, 25];

const recovery = {
  stepMs: 3000,
  round: (world: ClusterWorld, round: number) => {
    for (const [index, client] of world.waiters.entries())
      if (client.isWaiting && round >= (RETURN_ROUNDS[index % RETURN_ROUNDS.length] ?? 0)) world.returns(client);
  },
  mustGoOn: (world: ClusterWorld) =>
    world.jobs.nodes.unknown.isOpen ||
    world.waiters.some(({ end }) => end === null) ||
    [...world.nodes.values()].some(({ running, unacknowledged }) => running.size + unacknowledged.size > 0),
};

it(
  'simulation, clients return: any order of events and faults -> invariants hold, every job and every client has its end',
  async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: histories }, { weight: 1, arbitrary: changing }), async ({ isSlow, history }) => {
        const world = new ClusterWorld({ isSlow });
        for (const scripted of world.nodes.values()) await scripted.connect();
        for (const { act } of history) {
          await act(world);
          await world.settle(false);
          await world.check();
        }
        await recover(world, recovery);
        world.clientInvariants.checkEnd();
      }),
      { numRuns: RUNS },
    );
  },
  RUNS * 600,
);

// Streams over a bus that loses, delays, repeats and reorders messages and loses connections, at random: every chunk arrives once, in order.
// The clock is simulated. MUSTER_FAULT_SEED repeats a run, MUSTER_STREAM_RUNS sets the number of streams.
import fc from 'fast-check';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PIECE_OVERHEAD } from '../../../../../src/main/scheduler/cluster/bus/core/stream-messages';
import { InProcessNetwork, type InProcessMember } from '../../../../../src/main/scheduler/cluster/bus/in-process-network';
import { StreamReceiver } from '../../../../../src/main/scheduler/cluster/bus/stream-receiver';
import { StreamSender, streamSubjects } from '../../../../../src/main/scheduler/cluster/bus/stream-sender';
import { ManualClock } from '../../../../support/manual-clock';
import { faultSeed, repetitions } from '../../../../support/repetitions';
import { numbersOf, writeNumbers } from '../../../../support/stream-numbers';

/** Longer than all repetitions of a bad moment: no stream ends by silence. */
const LIMITS = { windowBytes: 4096, idleMs: 600_000 };
const ROUND_MS = 10;
const MAX_ROUNDS = 60_000;

interface World {
  readonly chunks: number;
  readonly size: number;
  /** Of a hundred messages. */
  readonly lost: number;
  readonly doubled: number;
  readonly late: number;
  /** One of so many rounds takes a connection away, or raises an epoch. */
  readonly upsetEvery: number;
  /** The reader waits for so many rounds after each tenth chunk. */
  readonly slowness: number;
  /** Numbers below 2^32, used in turn as the random numbers of the run. */
  readonly random: readonly number[];
}

const worlds: fc.Arbitrary<World> = fc.record({
  chunks: fc.integer({ min: 0, max: 200 }),
  size: fc.integer({ min: 4, max: 600 }),
  lost: fc.integer({ min: 0, max: 25 }),
  doubled: fc.integer({ min: 0, max: 25 }),
  late: fc.integer({ min: 0, max: 20 }),
  upsetEvery: fc.integer({ min: 5, max: 200 }),
  slowness: fc.integer({ min: 0, max: 3 }),
  random: fc.array(fc.nat(), { minLength: 1, maxLength: 50 }),
});

/** A sequence that the seeds start (xorshift with a counter): short inputs still give long, different sequences. */
function randomOf(seeds: readonly number[]): (below: number) => number {
  let state = 0x9e3779b9;
  let count = 0;
  return (below) => {
    state ^= seeds[count++ % seeds.length] ?? 0;
    state = (state + Math.imul(count, 0x85ebca6b)) | 0;
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

function delaysOf(world: World, random: (below: number) => number): () => readonly number[] {
  const delay = (): number => (random(100) < world.late ? random(5) : 0);
  return () => {
    if (random(100) < world.lost) return [];
    return random(100) < world.doubled ? [delay(), delay()] : [delay()];
  };
}

/** Breaks or repairs something. */
function upset(members: readonly InProcessMember[], random: (below: number) => number): void {
  const lost = members.find(({ link }) => !link.isConnected);
  const member = lost ?? members[random(members.length)];
  if (member === undefined) return;
  if (random(4) === 0) member.bus.raiseEpoch(member.bus.epoch + random(2));
  else if (member.link.isConnected) member.link.disconnect();
  else member.link.reconnect();
}

async function run(world: World): Promise<void> {
  const random = randomOf(world.random);
  const clock = new ManualClock();
  const network = new InProcessNetwork(delaysOf(world, random));
  const members = [network.join('pool', clock), network.join('pool', clock)] as const;
  const sender = new StreamSender(members[0].bus, clock, 's', LIMITS);
  const receiver = new StreamReceiver(members[1].bus, clock, 's', LIMITS);
  let round = 0;
  let most = 0;
  let mostUnread = 0;
  let wake = (): void => undefined;
  const slowly = (number: number): Promise<void> | void =>
    number % 10 === 0 && world.slowness > 0 ? new Promise((resolve) => (wake = resolve)) : undefined;
  let numbers: readonly number[] | null = null;
  let isOver = false;
  const onWrite = (): number => (most = Math.max(most, sender.heldBytes));
  const all = Promise.all([writeNumbers(sender, world.chunks, { size: world.size, onWrite }), numbersOf(receiver, slowly), sender.ended]);
  void all.then(([, read, end]) => {
    numbers = read;
    isOver = end.type === 'delivered';
  });
  for (; !isOver; round++) {
    if (round > MAX_ROUNDS) throw new Error(`no end after ${String(round)} rounds: ${String(sender.heldBytes)} bytes held`);
    if (round % world.upsetEvery === 0) upset(members, random);
    if (world.slowness === 0 || round % world.slowness === 0) wake();
    for (let turn = 0; turn < 6; turn++) {
      await nextTurn();
      mostUnread = Math.max(mostUnread, receiver.heldBytes);
    }
    clock.advance(ROUND_MS);
  }
  expect(numbers).toEqual(Array.from({ length: world.chunks }, (_, index) => index));
  for (const each of [most, mostUnread]) expect(each).toBeLessThan(LIMITS.windowBytes + world.size + PIECE_OVERHEAD);
  // Nothing is left: neither timers nor subscriptions.
  clock.advance(2 * LIMITS.idleMs);
  for (const { link } of members) link.reconnect();
  const { chunks, acks } = streamSubjects('s');
  const left = [chunks, acks].flatMap((subject) => members.flatMap(({ link }) => link.handlersOf(`muster.pool.${subject}`)));
  expect([clock.pending, left]).toEqual([0, []]);
}

const seed = faultSeed();

test(`streams: random faults of the bus, seed ${String(seed)} -> every chunk once, in order, within the buffer; nothing is left`, async () => {
  const numRuns = repetitions({ few: 60, many: 2000 }, 'MUSTER_STREAM_RUNS');
  await fc.assert(fc.asyncProperty(worlds, run), { seed, numRuns, endOnFailure: true });
}, 600_000);

// Copies of responses between members: what each side gets, what it refuses, and how long one turn of the event loop takes.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { KEEP_MS, KEPT_LIMITS } from '../../../../src/main/scheduler/api/client-apis/core/responses/kept-responses';
import type { Channel } from '../../../../src/main/scheduler/cluster/channel/channel';
import { jsonBytes } from '../../../../src/main/scheduler/cluster/channel/core/record';
import { COPY_WAIT_MS } from '../../../../src/main/scheduler/response-copies/response-copies';
import * as records from '../../../../src/main/scheduler/response-copies/core/copy-records';
import { CopyCluster, type CopyMember, keptOf, runningOf } from '../../../support/copied-responses';
import { microtasksDone } from '../../../support/microtasks';
import { withTurns } from '../../../support/turns';
import { until } from '../../../support/until';

const LIMIT_MS = 30_000;
/** 50 ms on a quiet machine. CPU time doubles when other programs use the caches. */
const LONGEST_TURN_MS = 100;

let cluster: CopyCluster;
let leader: CopyMember;
beforeEach(() => {
  cluster = new CopyCluster();
  ({ leader } = cluster);
});
afterEach(() => cluster.close());

const keep = ({ memory }: CopyMember, id: string, text = 'hi'): void => memory.keep('key_1', id, keptOf(id, text));
const run = ({ memory }: CopyMember, id: string, jobId = 'job-1'): void => {
  const request = runningOf(id, { jobId });
  const release = memory.reserve(request);
  if (typeof release === 'function') memory.runs(request, release);
};
const numbered = (first: number, last: number): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, index) => `resp_${String(first + index)}`);
const agree = (...members: readonly CopyMember[]) =>
  until('the same responses', () => members.every((each) => JSON.stringify(sorted(each)) === JSON.stringify(sorted(leader))), LIMIT_MS);
const sorted = (member: CopyMember) => Object.entries(member.states()).sort(([a], [b]) => (a < b ? -1 : 1));

it('each member has what the others lack -> all have all, and each change', async () => {
  const [one, two] = [cluster.member(), cluster.member()];
  keep(leader, 'resp_a');
  keep(one, 'resp_b');
  run(two, 'c');
  await one.follow();
  await two.follow();
  await until('all', () => [leader, one, two].every((each) => Object.keys(each.states()).length === 3), LIMIT_MS);
  expect(one.memory.get('key_1', 'resp_a')).toMatchObject(keptOf('resp_a'));
  expect(one.memory.running('resp_c')).toEqual(runningOf('c'));
  // The name of a session is a header of the client.
  leader.memory.runsAs(runningOf('c', { jobId: 'job-2', sessionKey: 's'.repeat(5000) }));
  await until('the next job', () => one.memory.running('resp_c')?.jobId === 'job-2');
  keep(leader, 'resp_c');
  leader.memory.delete('resp_a');
  await agree(one, two);
  expect(one.states()).toEqual({ resp_a: 'deleted', resp_b: 'kept', resp_c: 'kept' });
});

it('deleted or ended while a member was away -> it does not bring the earlier state back', async () => {
  const away = cluster.member();
  for (const id of ['resp_a', 'resp_b']) keep(away, id);
  run(away, 'c');
  for (const id of ['resp_a', 'resp_b']) keep(leader, id);
  leader.memory.delete('resp_a');
  keep(leader, 'resp_c', 'the end');
  away.memory.delete('resp_b');
  await away.follow();
  await agree(away);
  expect(leader.states()).toEqual({ resp_a: 'deleted', resp_b: 'deleted', resp_c: 'kept' });
  expect(away.memory.get('key_1', 'resp_c')).toMatchObject(keptOf('resp_c', 'the end'));
});

it('deleted an hour ago -> forgotten: no copy of it is left', () => {
  keep(leader, 'resp_a');
  leader.memory.delete('resp_a');
  leader.clock.advance(KEEP_MS - 1);
  expect(leader.states()).toEqual({ resp_a: 'deleted' });
  leader.clock.advance(1);
  expect(leader.states()).toEqual({});
});

it('deleted ids -> keep their age at each member: they do not go round for ever', async () => {
  keep(leader, 'resp_a');
  leader.memory.delete('resp_a');
  leader.clock.advance(KEEP_MS - 1000);
  const member = await cluster.member().follow();
  await until('the deletion', () => member.states()['resp_a']);
  member.clock.advance(1000);
  expect(member.states()).toEqual({});
});

it('job sent again while a member was away -> it gets the new job; a member does not change the one of the leader', async () => {
  const [away, other] = [cluster.member(), cluster.member()];
  for (const member of [leader, away]) run(member, 'a');
  run(other, 'a', 'job-3');
  leader.memory.runsAs(runningOf('a', { jobId: 'job-2' }));
  for (const member of [away, other]) {
    await member.follow();
    await until('the job', () => member.memory.running('resp_a')?.jobId === 'job-2');
  }
  expect(leader.memory.running('resp_a')?.jobId).toBe('job-2');
});

it('ended, and left out at the limit, while a member was away -> it does not run again, and does not come back', async () => {
  const away = cluster.member();
  for (const member of [leader, away]) run(member, 'x');
  for (const member of [leader, away]) keep(member, 'resp_0');
  for (const id of ['resp_x', ...numbered(1, KEPT_LIMITS.responsesPerKey)]) keep(leader, id);
  const started: string[] = [];
  leader.memory.onChange(({ type, id }) => type === 'runs' && started.push(id));
  await away.follow();
  await until('the end', () => away.memory.running('resp_x') === null);
  await until('the last copy', () => away.states()[`resp_${String(KEPT_LIMITS.responsesPerKey)}`]);
  expect([started, leader.memory.running('resp_x')]).toEqual([[], null]);
  for (const { memory } of [leader, away])
    expect([...memory.known().kept].sort()).toEqual([...numbered(1, KEPT_LIMITS.responsesPerKey)].sort());
});

it('ended, and left out at the limit, before its copy was sent -> it runs at no member', async () => {
  const member = await cluster.member().follow();
  await agree(member);
  run(leader, 'x');
  await until('the copy', () => member.memory.running('resp_x'));
  for (const id of ['resp_0', 'resp_x', ...numbered(1, KEPT_LIMITS.responsesPerKey)]) keep(leader, id);
  await until('the end', () => member.memory.running('resp_x') === null);
});

it('copy -> has the age of the response, and goes with it', async () => {
  keep(leader, 'resp_a');
  leader.clock.advance(KEEP_MS - 1000);
  const member = await cluster.member().follow();
  await agree(member);
  member.clock.advance(1000);
  expect(member.states()).toEqual({});
  expect(member.clock.pending).toBe(0);
});

it('request accepted: no other member -> no wait; another one -> until it has the copy, or for a while', async () => {
  run(leader, '1');
  await leader.copies.whenCopied('resp_1');
  const member = await cluster.member().follow();
  await agree(member);
  run(leader, '2');
  await leader.copies.whenCopied('resp_2');
  expect(Object.keys(member.states())).toContain('resp_2');
  const silent = leader.copies.whenCopied('resp_3');
  let isOver = false;
  void silent.then(() => (isOver = true));
  leader.clock.advance(COPY_WAIT_MS - 1);
  await microtasksDone();
  expect(isOver).toBe(false);
  leader.clock.advance(1);
  await silent;
  expect(leader.clock.pending).toBe(0);
});

it('request that ends before its copy is sent -> no wait: the member has the response', async () => {
  keep(leader, 'resp_0');
  const member = await cluster.member().follow();
  await agree(member);
  run(leader, '1');
  const { response, ...rest } = keptOf('resp_1');
  leader.memory.keep('key_1', 'resp_1', { ...rest, response: { ...response, background: true } });
  await leader.copies.whenCopied('resp_1');
  expect(member.states()).toEqual({ resp_0: 'kept', resp_1: 'kept' });
});

it('10,000 responses, and one of 12 MB -> a new member gets them in short turns', async () => {
  // Of 100 keys: each may have 256.
  for (let index = 0; index < 10_000; index++) {
    const id = `resp_${String(index)}`;
    leader.memory.keep(`key_${String(index % 100)}`, id, keptOf(id, 'x'.repeat(500)));
  }
  const conversation = Array.from({ length: 1000 }, () => ({ type: 'message', role: 'user', content: 'é'.repeat(6000) }));
  leader.memory.keep('large', 'resp_large', { response: { id: 'resp_large' }, input: [], output: [], conversation });
  const member = cluster.member();
  const startMs = performance.now();
  const { longestMs } = await withTurns(async () => {
    await member.follow();
    // Cheaper than to compare all, again and again: on a busy machine that would take most of the time.
    await until('the last copy', () => member.memory.entry('resp_large'), LIMIT_MS);
  });
  await agree(member);
  process.stdout.write(`10,001 copies: ${(performance.now() - startMs).toFixed(0)} ms, longest turn ${longestMs.toFixed(1)} ms\n`);
  expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
  expect(member.memory.get('large', 'resp_large')?.conversation).toEqual(conversation);
}, 60_000);

it('20,000 small responses, and 50,000 deleted ones -> named and sent in short turns', async () => {
  for (const id of numbered(1, 50_000)) leader.memory.delete(`${id}x`, {});
  for (const [index, id] of numbered(1, 20_000).entries()) leader.memory.keep(`key_${String(index % 1000)}`, id, keptOf(id));
  const member = cluster.member();
  const { longestMs } = await withTurns(async () => {
    await member.follow();
    await until('the last copy', () => member.memory.entry('resp_20000'), 2 * LIMIT_MS);
  });
  expect(longestMs).toBeLessThan(LONGEST_TURN_MS);
  expect(Object.keys(member.states())).toHaveLength(70_000);
}, 90_000);

it('member does not read -> the leader holds one copy for it, and ids', async () => {
  const silent = cluster.member();
  await silent.connect((channel) => {
    channel.on('test.wait', () => new Promise(() => undefined));
  });
  const channel = cluster.links.channelOf(silent.link.replica);
  if (channel === null) throw new Error('no channel');
  silent.link.channel?.send(records.RESPONSES_HAVE, { kept: [], runs: [], deleted: [], is_all: true });
  channel.send('test.wait', {});
  for (let index = 0; index < 60; index++)
    leader.memory.keep(null, `resp_${String(index)}`, keptOf(`resp_${String(index)}`, 'x'.repeat(400_000)));
  await until('a full channel', () => channel.isFull, LIMIT_MS);
  for (let turn = 0; turn < 1000; turn++) await nextTurn();
  expect(channel.unsentBytes).toBeLessThan(4_000_000);
  expect(channel.isOpen).toBe(true);
});

const HEAD = { kind: 'kept', id: 'resp_1', holder: null, age_ms: 0, input: 0, output: 0, has_output: false };
const RESPONSE = { id: 'resp_1', output: [] };
const deep = (depth: number): string => `[{"id":"resp_1","a":${'['.repeat(depth)}${']'.repeat(depth)}}]`;

it.each<[string, (channel: Channel) => void]>([
  ['not JSON', (channel) => channel.send(records.RESPONSES_COPY, { copy: HEAD, is_last: true }, Buffer.from('{'))],
  ['too deep', (channel) => channel.send(records.RESPONSES_COPY, { copy: HEAD, is_last: true }, Buffer.from(deep(5000)))],
  [
    'too many values',
    (channel) =>
      channel.send(records.RESPONSES_COPY, { copy: HEAD, is_last: true }, Buffer.from(`[{"id":"resp_1"}${',{}'.repeat(1_000_000)}]`)),
  ],
  ['no list', (channel) => channel.send(records.RESPONSES_COPY, { copy: HEAD, is_last: true }, jsonBytes(RESPONSE))],
  ['another id', (channel) => channel.send(records.RESPONSES_COPY, { copy: HEAD, is_last: true }, jsonBytes([{ id: 'resp_2' }]))],
  ['no head', (channel) => channel.send(records.RESPONSES_COPY, { copy: null, is_last: true }, jsonBytes([RESPONSE]))],
  [
    'a value that is no object, then the rest',
    (channel) => {
      channel.send(records.RESPONSES_COPY, { copy: HEAD, is_last: false }, jsonBytes('x'));
      channel.send(records.RESPONSES_COPY, { copy: null, is_last: true }, jsonBytes([RESPONSE]));
    },
  ],
  [
    'too many names',
    (channel) => {
      const ids = Array.from({ length: 5000 }, (_, index) => `resp_${String(index)}`);
      channel.send(records.RESPONSES_HAVE, { kept: ids, runs: [], deleted: [], is_all: true });
    },
  ],
])('forged copy: %s -> dropped, and the channel stays', async (_, forge) => {
  const attacker = cluster.member();
  const channel = await attacker.connect();
  forge(channel);
  channel.send(records.RESPONSES_COPY, { copy: { ...HEAD, id: 'resp_last' }, is_last: true }, jsonBytes([{ id: 'resp_last' }]));
  await until('the last copy', () => leader.states()['resp_last']);
  expect(leader.states()).toEqual({ resp_last: 'kept' });
  expect(channel.isOpen).toBe(true);
});

it('forged copies of 300 MB, and one that is larger than a key may have -> no more in memory than the limits', async () => {
  const attacker = cluster.member();
  const channel = await attacker.connect();
  const item = { content: 'x'.repeat(1_000_000) };
  const send = async (copy: object | null, isLast: boolean, values: readonly object[]): Promise<void> => {
    while (channel.isFull) await channel.whenDrained();
    channel.send(records.RESPONSES_COPY, { copy, is_last: isLast }, jsonBytes(values));
  };
  for (let part = 0; part < 40; part++) await send(part === 0 ? HEAD : null, part === 39, part === 0 ? [RESPONSE] : [item]);
  for (let index = 0; index < 150; index++) {
    const id = `resp_${String(index + 2)}`;
    await send({ ...HEAD, id, holder: `key_${String(index % 9)}` }, true, [{ id }, item]);
  }
  await until('the last copy', () => leader.states()['resp_151'], LIMIT_MS);
  const kept = [...leader.memory.known().kept];
  expect(kept).not.toContain('resp_1');
  expect(kept.length).toBeLessThanOrEqual(KEPT_LIMITS.sizeOfAll / 2_000_000);
  expect(kept.length).toBeGreaterThan(100);
}, 60_000);

it('forged requests that run, without end -> no more than a key may have', async () => {
  const attacker = cluster.member();
  const channel = await attacker.connect();
  for (let index = 0; index < 300; index++) {
    const facts = { id: String(index), requestId: 'r', model: 'm', atWallMs: 0 };
    const rest = { input: null, job_id: 'j', facts, translation: null, language: 'en', headers: {}, session_key: null, only_node: null };
    const copy = { kind: 'runs', id: `resp_${String(index)}`, holder: 'key_1', ...rest };
    channel.send(records.RESPONSES_COPY, { copy, is_last: true }, jsonBytes([{ model: 'm', input: 'x' }]));
  }
  channel.send(records.RESPONSES_COPY, { copy: { ...HEAD, id: 'resp_last' }, is_last: true }, jsonBytes([{ id: 'resp_last' }]));
  await until('the last copy', () => leader.states()['resp_last']);
  expect(Object.values(leader.states()).filter((state) => state === 'runs')).toHaveLength(KEPT_LIMITS.responsesPerKey);
});

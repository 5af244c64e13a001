import { expect, test } from 'vitest';
import type { Channel } from '../../../../src/main/scheduler/cluster/channel/channel';
import { NodeBeats } from '../../../../src/main/scheduler/replica/node-beats';
import { ManualClock } from '../../../support/manual-clock';

const figures = (cpu: number) => ({ usage: { cpu_percent: cpu, mem_percent: 0, running_jobs: 0 }, gpus: null });

function opened() {
  const sent: unknown[] = [];
  const channel = { isFull: false, send: (_type: string, head: unknown) => sent.push(head) };
  const clock = new ManualClock();
  const beats = new NodeBeats(clock);
  beats.use(channel as unknown as Channel);
  return { sent, channel, clock, beats };
}

test('after a pause -> at once; then one record for all nodes each 500 ms', () => {
  const { beats, sent, clock } = opened();
  beats.add(1, null);
  expect(sent).toEqual([{ figures: [], same: [1] }]);
  beats.add(2, figures(5));
  beats.add(3, null);
  clock.advance(499);
  expect(sent).toHaveLength(1);
  clock.advance(1);
  expect(sent[1]).toEqual({ figures: [{ c: 2, ...figures(5) }], same: [3] });
  clock.advance(5000);
  expect(sent).toHaveLength(2);
});

test('several of one node -> the newest figures, at most three', () => {
  const { beats, sent, clock } = opened();
  beats.add(9, null);
  beats.add(1, figures(5));
  beats.add(1, null);
  beats.add(1, figures(6));
  for (let i = 0; i < 1000; i++) beats.add(2, null);
  clock.advance(500);
  expect(sent[1]).toEqual({ figures: [{ c: 1, ...figures(6) }], same: [1, 1, 2, 2, 2] });
});

test('much more load -> within 50 ms, with what waits', () => {
  const { beats, sent, clock } = opened();
  beats.add(9, null);
  beats.add(1, figures(5));
  beats.add(2, figures(50), true);
  beats.add(3, figures(5));
  clock.advance(50);
  expect(sent.slice(1)).toEqual([{ figures: [1, 2, 3].map((c) => ({ c, ...figures(c === 2 ? 50 : 5) })), same: [] }]);
  beats.add(1, null);
  clock.advance(499);
  expect(sent).toHaveLength(2);
  clock.advance(1);
  expect(sent).toHaveLength(3);
});

test('a message must not be overtaken -> the heartbeat of its connection goes first', () => {
  const { beats, sent, clock } = opened();
  beats.add(9, null);
  beats.add(1, null);
  beats.add(2, null);
  beats.send(1);
  beats.send(1);
  expect(sent[1]).toEqual({ figures: [], same: [1] });
  clock.advance(500);
  expect(sent.slice(2)).toEqual([{ figures: [], same: [2] }]);
});

test('a leader that is behind -> the heartbeats wait, newer ones replace them', () => {
  const { beats, sent, clock, channel } = opened();
  beats.add(9, null);
  channel.isFull = true;
  beats.add(1, figures(5));
  clock.advance(10_000);
  beats.add(1, figures(6));
  channel.isFull = false;
  clock.advance(500);
  expect(sent.slice(1)).toEqual([{ figures: [{ c: 1, ...figures(6) }], same: [1] }]);
});

test('2,000 nodes -> records of 500', () => {
  const { beats, sent, clock } = opened();
  beats.add(9999, null);
  for (let i = 0; i < 2000; i++) beats.add(i, null);
  clock.advance(500);
  expect(sent.slice(1).map((record) => (record as { same: number[] }).same.length)).toEqual([500, 500, 500, 500]);
});

test('a new channel -> what waited for the old one is dropped', () => {
  const { beats, sent, clock, channel } = opened();
  beats.add(9, null);
  beats.add(1, null);
  beats.use(channel as unknown as Channel);
  clock.advance(500);
  expect(sent).toHaveLength(1);
});

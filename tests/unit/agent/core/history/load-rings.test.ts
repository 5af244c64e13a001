import { describe, expect, it } from 'vitest';
import type { HistoryRange } from '../../../../../src/shared/api/gpu';
import { type LaneValues, LoadRings, MACHINE_LANE, MAX_LANES } from '../../../../../src/main/agent/core/history/load-rings';
import { decodeRings, encodeRings, MAX_RINGS_BYTES } from '../../../../../src/main/agent/core/history/rings-codec';

const START = 1_764_000_000_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const lanes = (...values: LaneValues) => new Map([['GPU-a', values]]);
/** The first value of the lane at each time. */
const firstOf = (rings: LoadRings, range: HistoryRange, now: number, key = 'GPU-a') => {
  const { times, rows } = rings.window(range, now);
  return times.map((time, at) => [time - START, rows.get(key)?.[at]?.[0] ?? null]);
};

describe('rings', () => {
  it('5 min: every reading; older ones are left out', () => {
    const rings = new LoadRings();
    for (let i = 0; i < 200; i++) rings.add(START + i * 2500, lanes(i));
    const now = START + 199 * 2500;
    const shown = firstOf(rings, '5m', now);
    expect([shown.length, shown[0], shown.at(-1)]).toEqual([120, [80 * 2500, 80], [199 * 2500, 199]]);
  });

  it('gap -> a time without values between the entries, unknown -> null, never 0', () => {
    const rings = new LoadRings();
    rings.add(START, lanes(10));
    rings.add(START + 2500, lanes(null));
    rings.add(START + 60_000, lanes(0));
    expect(firstOf(rings, '5m', START + 60_000)).toEqual([
      [0, 10],
      [2500, null],
      [5000, null],
      [60_000, 0],
    ]);
  });

  it('1 h: the mean of the readings of 15 s, over the known ones', () => {
    const rings = new LoadRings();
    for (const [at, value] of [[0, 10], [5000, 20], [10_000, null], [15_000, 7]] as const) rings.add(START + at, lanes(value)); // oxfmt-ignore
    expect(firstOf(rings, '1h', START + 20_000)).toEqual([
      [0, 15],
      [15_000, 7],
    ]);
  });

  it('24 h: the mean of 5 min; a whole day fits', () => {
    const rings = new LoadRings();
    for (let at = 0; at < 25 * HOUR; at += MINUTE) rings.add(START + at, lanes(at / HOUR));
    const shown = firstOf(rings, '24h', START + 25 * HOUR - MINUTE);
    expect([shown.length, shown.every(([, value]) => value !== null)]).toEqual([288, true]);
    expect(shown[0]?.[1]).toBeCloseTo((shown[0]?.[0] ?? 0) / HOUR + 2 / 60, 4);
  });

  it('gap of an hour in a day: one gap, no zeros', () => {
    const rings = new LoadRings();
    for (const at of [0, 5, 10, 70, 75]) rings.add(START + at * MINUTE, lanes(50));
    expect(firstOf(rings, '24h', START + 75 * MINUTE)).toEqual([
      [0, 50],
      [5 * MINUTE, 50],
      [10 * MINUTE, 50],
      [15 * MINUTE, null],
      [70 * MINUTE, 50],
      [75 * MINUTE, 50],
    ]);
  });

  it('clock set back -> entries of its future are dropped, the order stays', () => {
    const rings = new LoadRings();
    for (const at of [0, 2500, HOUR]) rings.add(START + at, lanes(at));
    rings.add(START + 5000, lanes(5000));
    expect(firstOf(rings, '5m', START + 5000)).toEqual([
      [0, 0],
      [2500, 2500],
      [5000, 5000],
    ]);
  });

  it('GPU that appears later has no values before; one that is gone for a day is forgotten', () => {
    const rings = new LoadRings();
    rings.add(START, lanes(1));
    rings.add(START + 2500, new Map([['GPU-b', [2]]]));
    expect(firstOf(rings, '5m', START + 2500, 'GPU-b')).toEqual([
      [0, null],
      [2500, 2],
    ]);
    rings.add(START + 25 * HOUR, new Map([['GPU-b', [3]]]));
    expect([...rings.window('24h', START + 25 * HOUR).rows.keys()]).toEqual(['GPU-b']);
  });

  it('more lanes than allowed -> the one not seen for the longest time goes', () => {
    const rings = new LoadRings();
    rings.add(START, new Map([[MACHINE_LANE, [1]]]));
    for (let i = 0; i < MAX_LANES; i++) rings.add(START + 1 + i, new Map([[`GPU-${String(i)}`, [i]]]));
    const keys = [...rings.window('5m', START + MAX_LANES).rows.keys()];
    expect([keys.length, keys.includes(MACHINE_LANE)]).toEqual([MAX_LANES, false]);
  });
});

describe('file', () => {
  function filled(): LoadRings {
    const rings = new LoadRings();
    for (let i = 0; i < 100; i++) rings.add(START + i * 2500, new Map([[MACHINE_LANE, [i, null, 50]], ['显卡 0', [i, 0, 1, 2, 3, 4, 5, 6.5]]])); // oxfmt-ignore
    return rings;
  }

  it('written and read -> the same history, also the mean that is not complete', () => {
    const before = filled();
    const state = decodeRings(encodeRings(before.state()));
    if (state === null) throw new Error('not decoded');
    const after = new LoadRings(state);
    const now = START + 250_000;
    for (const range of ['5m', '1h', '24h'] as const) expect(after.window(range, now)).toEqual(before.window(range, now));
    before.add(now, new Map([['显卡 0', [90]]]));
    after.add(now, new Map([['显卡 0', [90]]]));
    expect(after.window('24h', now)).toEqual(before.window('24h', now));
  });

  it('the size depends on the number of lanes alone, and is bounded', () => {
    const small = encodeRings(filled().state()).byteLength;
    const rings = filled();
    for (let i = 0; i < 1000; i++) rings.add(START + HOUR + i * 2500, new Map([[MACHINE_LANE, [i]]]));
    expect(encodeRings(rings.state()).byteLength).toBe(small);
    expect(small).toBeLessThan(64 * 1024);
    expect(MAX_RINGS_BYTES).toBeLessThan(2 * 1024 * 1024);
  });

  it.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['cut', (bytes) => bytes.subarray(0, bytes.byteLength - 1)],
    ['longer', (bytes) => Uint8Array.from([...bytes, 0])],
    ['one bit changed', (bytes) => bytes.map((byte, at) => (at === 20_000 ? byte ^ 1 : byte))],
    ['other program', (bytes) => bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte))],
    ['more lanes than it has', (bytes) => bytes.map((byte, at) => (at === 7 ? byte + 1 : byte))],
    ['empty', () => new Uint8Array()],
  ])('damaged file (%s) -> nothing', (_title, damage) => {
    expect(decodeRings(damage(encodeRings(filled().state())))).toBeNull();
  });
});

// What it costs to keep the history of the load: one reading, and one write of the file. A computer with eight GPUs.
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LoadHistory } from '../src/main/agent/load-history';
import { encodeRings } from '../src/main/agent/core/history/rings-codec';
import { LoadRings } from '../src/main/agent/core/history/load-rings';
import { known, NOTHING_REPORTED } from '../src/main/hardware/parse/reading';
import type { LoadReport } from '../src/main/hardware/parse/types';
import { silentLogger } from '../src/main/platform/logger';
import { ManualClock } from '../tests/support/manual-clock';

const GPUS = 8;
/** A day of readings. */
const READINGS = 34_560;
const READING_INTERVAL_MS = 2500;
const ENCODINGS = 50;
/** Processor time of the event loop, for one reading and for one write. */
const MAX_READING_MS = 0.2;
const MAX_ENCODING_MS = 20;

const keys = Array.from({ length: GPUS }, (_, index) => `GPU-${String(index)}`);
const live = { ...NOTHING_REPORTED, utilizationPercent: known(60), memoryUsedGb: known(10), temperatureC: known(60), powerW: known(300) };
const load: LoadReport = {
  cpuPercent: 20,
  ownerCpuPercent: 5,
  ownerGpuPercent: 5,
  memPercent: 40,
  diskFreeGb: null,
  gpus: keys.map((key) => ({ key, available: true, unavailableCode: null, live })),
  shares: keys.map((key) => ({ key, ownerPercent: 5, ownerMeanPercent: 5, poolMemoryGb: 6, programs: null })),
  faults: [],
  unknownGpuSeen: false,
  takenMs: 1,
  ageMs: 0,
};
/** Processor time of this process since an earlier value, ms. Other programs of the machine do not count. */
const cpuMs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};
const figures: Record<string, string>[] = [];
const add = (figure: string, value: string): void => {
  figures.push({ figure, value });
};

describe('the history of the load', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'muster-history-'));
  });
  afterAll(() => {
    console.table(figures);
    rmSync(folder, { recursive: true, force: true });
  });

  test('one reading, one view and one write', async () => {
    const clock = new ManualClock();
    const file = path.join(folder, 'load-history.bin');
    const history = new LoadHistory({ file, clock, logger: silentLogger });
    const before = process.cpuUsage();
    for (let reading = 0; reading < READINGS; reading++) {
      clock.advance(READING_INTERVAL_MS);
      history.add(load);
    }
    const readingMs = cpuMs(before) / READINGS;
    add(`reading of ${String(GPUS)} GPUs`, `${readingMs.toPrecision(2)} ms`);
    add('the same, of a core', `${((readingMs / READING_INTERVAL_MS) * 100).toPrecision(2)} %`);
    const beforeView = process.cpuUsage();
    history.view('24h');
    add('view of 24 h', `${cpuMs(beforeView).toPrecision(2)} ms`);
    await history.close();
    add('file', `${String(Math.round(statSync(file).size / 1024))} KiB`);
    expect(readingMs).toBeLessThan(MAX_READING_MS);
  });

  test('encoding blocks the event loop for a short time', () => {
    const rings = new LoadRings();
    rings.add(1e12, new Map(keys.map((key) => [key, [1, 2, 3, 4, 5, 6, 7, 8]])));
    const before = process.cpuUsage();
    for (let encoding = 0; encoding < ENCODINGS; encoding++) encodeRings(rings.state());
    const encodingMs = cpuMs(before) / ENCODINGS;
    add(`encoding of ${String(GPUS)} GPUs, once a minute`, `${encodingMs.toPrecision(2)} ms`);
    expect(encodingMs).toBeLessThan(MAX_ENCODING_MS);
  });
});

// Downloading the wanted models: one at a time, with retries, and no other model. Requests and pauses of the owner.
import { beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../../../src/main/platform/logger';
import { ModelPulls } from '../../../../src/main/runtimes/pulls/model-pulls';
import { type Downloads, NO_DOWNLOADS } from '../../../../src/main/runtimes/core/pulls/downloads';
import type { PullEnd, PullProgress } from '../../../../src/main/runtimes/core/pulls/pull';
import type { RuntimeModel } from '../../../../src/main/runtimes/core/runtime-snapshot';
import { ManualClock } from '../../../support/manual-clock';

interface Pull {
  readonly model: string;
  readonly signal: AbortSignal;
  progress(completedBytes: number): void;
  end(end: PullEnd): void;
}

let clock: ManualClock;
let installed: string[];
let running: boolean;
let pulls: Pull[];
let changes: number;
let refreshes: number;
let kept: Downloads;

beforeEach(() => {
  clock = new ManualClock();
  [installed, running, pulls, changes, refreshes] = [[], true, [], 0, 0];
  kept = NO_DOWNLOADS;
});

const known = () => installed.map((model_id) => ({ model: { model_id } }) as RuntimeModel);

function pullsOf(...wanted: string[]): ModelPulls {
  const ollama = {
    id: 'http://o',
    pull: (model: string, onProgress: (progress: PullProgress) => void, signal: AbortSignal) =>
      new Promise<PullEnd>((end) => {
        const progress = (completedBytes: number) => {
          onProgress({ status: '', completedBytes, totalBytes: 100 });
        };
        pulls.push({ model, signal, progress, end });
        signal.addEventListener('abort', () => {
          end({ end: 'stopped' });
        });
      }),
    refresh: () => {
      refreshes += 1;
      return Promise.resolve();
    },
  };
  const onChange = () => {
    changes += 1;
  };
  return new ModelPulls({
    wanted,
    kept: {
      read: () => kept,
      write: (downloads) => {
        kept = downloads;
      },
      written: () => Promise.resolve(),
    },
    runtime: () => (running ? ollama : null),
    models: known,
    clock,
    logger: silentLogger,
    random: () => 0.5,
    onChange,
  });
}

/** Lets pending promises resolve. */
async function flush(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
const requested = () => pulls.map(({ model }) => model);
const views = (all: ModelPulls) => all.snapshot().map(({ model, state, reasonCode }) => `${model.model_id} ${state} ${reasonCode}`);
const broken: PullEnd = { end: 'failed', code: 'pull_broken', message: 'ended_early' };

test('pulls: model not configured, or installed -> no download', () => {
  installed = ['a:latest'];
  for (const all of [pullsOf(), pullsOf('a')]) {
    all.update();
    expect([requested(), views(all)]).toEqual([[], []]);
  }
});

test('pulls: no Ollama -> waiting; Ollama starts -> download', () => {
  running = false;
  const all = pullsOf('a');
  all.update();
  expect([requested(), views(all)]).toEqual([[], ['a:latest not_installed pull_no_ollama']]);
  running = true;
  all.update();
  expect([requested(), views(all)]).toEqual([['a:latest'], ['a:latest downloading pulling']]);
});

test('pulls: several models -> one after the other', async () => {
  const all = pullsOf('a', 'b');
  all.update();
  all.update();
  expect([requested(), views(all)]).toEqual([['a:latest'], ['a:latest downloading pulling', 'b:latest not_installed pull_waiting']]);
  installed = ['a:latest'];
  pulls[0]?.end({ end: 'done' });
  await flush();
  expect([requested(), views(all), refreshes]).toEqual([['a:latest', 'b:latest'], ['b:latest downloading pulling'], 1]);
});

test('pulls: progress published once a second, including the last value', () => {
  const all = pullsOf('a');
  all.update();
  const before = changes;
  for (let i = 1; i <= 16; i++) pulls[0]?.progress(i);
  clock.advance(999);
  expect(changes).toBe(before);
  clock.advance(1);
  expect([changes, all.snapshot()[0]?.progress]).toEqual([before + 1, 0.16]);
  clock.advance(5000);
  expect(changes).toBe(before + 1);
});

describe('failed pull', () => {
  test('retried with a growing delay, other models first', async () => {
    const all = pullsOf('a', 'b');
    all.update();
    pulls[0]?.end(broken);
    await flush();
    expect(requested()).toEqual(['a:latest', 'b:latest']);
    expect(views(all)[0]).toBe('a:latest error pull_broken');
    installed = ['b:latest'];
    pulls[1]?.end({ end: 'done' });
    await flush();
    clock.advance(14_999);
    expect(requested()).toHaveLength(2);
    clock.advance(1);
    expect(requested()).toHaveLength(3);
    pulls[2]?.end(broken);
    await flush();
    clock.advance(29_999);
    expect(requested()).toHaveLength(3);
    clock.advance(1);
    expect(requested()).toHaveLength(4);
  });

  test('after progress -> shortest delay again', async () => {
    const all = pullsOf('a');
    all.update();
    for (let i = 0; i < 5; i++) {
      pulls[i]?.progress(10 * i);
      pulls[i]?.progress(10 * i + 5);
      pulls[i]?.end(broken);
      await flush();
      clock.advance(15_000);
      expect(requested()).toHaveLength(i + 2);
    }
  });

  test('same bytes as before -> no progress, longer delay', async () => {
    const all = pullsOf('a');
    all.update();
    pulls[0]?.progress(40);
    pulls[0]?.end(broken);
    await flush();
    clock.advance(15_000);
    pulls[1]?.progress(40);
    pulls[1]?.end(broken);
    await flush();
    expect(all.snapshot()[0]?.details).toMatchObject({ failures: 2, retry_at: clock.wallMs() + 30_000 });
  });

  test('model installed in another way -> failure dropped', async () => {
    const all = pullsOf('a');
    all.update();
    pulls[0]?.end(broken);
    await flush();
    installed = ['a:latest'];
    all.update();
    installed = [];
    all.update();
    expect([requested(), views(all)]).toEqual([['a:latest', 'a:latest'], ['a:latest downloading pulling']]);
  });
});

test('pulls: success but not listed -> pull_not_listed, so that it is not repeated immediately', async () => {
  const all = pullsOf('library/a');
  all.update();
  pulls[0]?.end({ end: 'done' });
  await flush();
  expect([requested(), views(all)]).toEqual([['library/a:latest'], ['library/a:latest error pull_not_listed']]);
});

test('pulls: stopped -> download aborted, none started', async () => {
  const all = pullsOf('a', 'b');
  all.update();
  await all.stop();
  expect(pulls[0]?.signal.aborted).toBe(true);
  await flush();
  all.update();
  clock.advance(3_600_000);
  expect([requested(), clock.pending]).toEqual([['a:latest'], 0]);
});

describe('downloads of the owner', () => {
  test('requested -> before the models of the configuration; installed -> the request ends', async () => {
    const all = pullsOf('a', 'b');
    all.update();
    expect(all.request('c')).toBeNull();
    expect([kept, views(all)[0]]).toEqual([{ requested: ['c:latest'], paused: [] }, 'c:latest not_installed pull_waiting']);
    installed = ['a:latest'];
    pulls[0]?.end({ end: 'done' });
    await flush();
    expect(requested()).toEqual(['a:latest', 'c:latest']);
    installed.push('c:latest');
    pulls[1]?.end({ end: 'done' });
    await flush();
    expect([requested().at(-1), kept]).toEqual(['b:latest', NO_DOWNLOADS]);
    // Removed by another program: not downloaded again, because it is not wanted any more.
    installed = ['a:latest', 'b:latest'];
    pulls[2]?.end({ end: 'done' });
    await flush();
    expect([requested().length, views(all), all.wantsAny]).toEqual([3, [], true]);
  });

  test('paused -> aborted, other models go on, its figures stay; continued -> downloaded again', async () => {
    const all = pullsOf('a', 'b');
    all.update();
    pulls[0]?.progress(40);
    expect(all.pause('A')).toBeNull();
    pulls[0]?.progress(50);
    await flush();
    expect([pulls[0]?.signal.aborted, requested(), kept.paused]).toEqual([true, ['a:latest', 'b:latest'], ['a:latest']]);
    expect(all.snapshot()[0]).toMatchObject({ reasonCode: 'pull_paused', progress: 0.4, details: { completed_bytes: 40 } });
    installed = ['b:latest'];
    pulls[1]?.end({ end: 'done' });
    await flush();
    clock.advance(3_600_000);
    expect([requested().length, all.pause('a')]).toEqual([2, null]);
    expect(all.request('a')).toBeNull();
    expect([requested().at(-1), kept, views(all)]).toEqual(['a:latest', NO_DOWNLOADS, ['a:latest downloading pulling']]);
  });

  test('paused and requested at once -> one download after the other', async () => {
    const all = pullsOf('a');
    all.update();
    all.pause('a');
    all.request('a');
    expect(requested()).toEqual(['a:latest']);
    await flush();
    expect([requested(), views(all)]).toEqual([['a:latest', 'a:latest'], ['a:latest downloading pulling']]);
  });

  test('requested while it is downloaded -> its figures stay', () => {
    const all = pullsOf('a');
    all.update();
    pulls[0]?.progress(40);
    expect([all.request('a'), views(all), all.snapshot()[0]?.progress]).toEqual([null, ['a:latest downloading pulling'], 0.4]);
  });

  test('next start -> requested models are downloaded, paused ones wait', () => {
    kept = { requested: ['a:latest', 'b:latest'], paused: ['a:latest'] };
    const all = pullsOf();
    all.update();
    expect([requested(), views(all)]).toEqual([['b:latest'], ['a:latest not_installed pull_paused', 'b:latest downloading pulling']]);
  });

  test('cancelled -> aborted and forgotten; of the configuration, or unknown -> refused', async () => {
    const all = pullsOf('a');
    all.request('b');
    expect([all.cancel('a'), all.cancel('x'), all.pause('x')]).toEqual(['configured', 'no_download', 'no_download']);
    expect([all.cancel('b'), kept, pulls[0]?.signal.aborted]).toEqual([null, NO_DOWNLOADS, true]);
    await flush();
    expect(views(all)).toEqual(['a:latest downloading pulling']);
  });

  test('more than 64 requests -> refused', () => {
    running = false;
    const all = pullsOf();
    const faults = Array.from({ length: 65 }, (_, i) => all.request(`m${String(i)}`));
    expect([faults.slice(0, 64).every((fault) => fault === null), faults[64], all.request('m0')]).toEqual([
      true,
      'too_many_downloads',
      null,
    ]);
  });
});

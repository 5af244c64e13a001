// Downloading the configured models: one at a time, with retries, and no other model.
import { beforeEach, describe, expect, test } from 'vitest';
import { silentLogger } from '../../../../src/main/platform/logger';
import { ModelPulls } from '../../../../src/main/runtimes/pulls/model-pulls';
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

beforeEach(() => {
  clock = new ManualClock();
  [installed, running, pulls, changes, refreshes] = [[], true, [], 0, 0];
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
  all.stop();
  expect(pulls[0]?.signal.aborted).toBe(true);
  await flush();
  all.update();
  clock.advance(3_600_000);
  expect([requested(), clock.pending]).toEqual([['a:latest'], 0]);
});

// Getting the wanted models: one at a time, again after failures, and nothing that nobody named.
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
let here: string[];
let running: boolean;
let pulls: Pull[];
let changes: number;
let looks: number;

beforeEach(() => {
  clock = new ManualClock();
  [here, running, pulls, changes, looks] = [[], true, [], 0, 0];
});

const known = () => here.map((model_id) => ({ model: { model_id } }) as RuntimeModel);

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
    lookAgain: () => {
      looks += 1;
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

/** Lets what ended take its effect. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await Promise.resolve();
}
const asked = () => pulls.map(({ model }) => model);
const shown = (all: ModelPulls) => all.seen().map(({ model, state, reasonCode }) => `${model.model_id} ${state} ${reasonCode}`);
const broken: PullEnd = { end: 'failed', code: 'pull_broken', message: 'ended_early' };

test('nothing is pulled that nobody wants, nor what is there', () => {
  here = ['a:latest'];
  for (const all of [pullsOf(), pullsOf('a')]) {
    all.look();
    expect([asked(), shown(all)]).toEqual([[], []]);
  }
});

test('without an Ollama a wanted model waits, and begins when one runs', () => {
  running = false;
  const all = pullsOf('a');
  all.look();
  expect([asked(), shown(all)]).toEqual([[], ['a:latest not_installed pull_no_ollama']]);
  running = true;
  all.look();
  expect([asked(), shown(all)]).toEqual([['a:latest'], ['a:latest downloading pulling']]);
});

test('one after the other, each until it is listed', async () => {
  const all = pullsOf('a', 'b');
  all.look();
  all.look();
  expect([asked(), shown(all)]).toEqual([['a:latest'], ['a:latest downloading pulling', 'b:latest not_installed pull_waiting']]);
  here = ['a:latest'];
  pulls[0]?.end({ end: 'done' });
  await settle();
  expect([asked(), shown(all), looks]).toEqual([['a:latest', 'b:latest'], ['b:latest downloading pulling'], 1]);
});

test('bytes are shown once a second, the last ones too', () => {
  const all = pullsOf('a');
  all.look();
  const before = changes;
  for (let i = 1; i <= 16; i++) pulls[0]?.progress(i);
  clock.advance(999);
  expect(changes).toBe(before);
  clock.advance(1);
  expect([changes, all.seen()[0]?.progress]).toEqual([before + 1, 0.16]);
  clock.advance(5000);
  expect(changes).toBe(before + 1);
});

describe('a pull that fails', () => {
  test('is tried again, later each time, and others go first', async () => {
    const all = pullsOf('a', 'b');
    all.look();
    pulls[0]?.end(broken);
    await settle();
    expect(asked()).toEqual(['a:latest', 'b:latest']);
    expect(shown(all)[0]).toBe('a:latest error pull_broken');
    here = ['b:latest'];
    pulls[1]?.end({ end: 'done' });
    await settle();
    clock.advance(14_999);
    expect(asked()).toHaveLength(2);
    clock.advance(1);
    expect(asked()).toHaveLength(3);
    pulls[2]?.end(broken);
    await settle();
    clock.advance(29_999);
    expect(asked()).toHaveLength(3);
    clock.advance(1);
    expect(asked()).toHaveLength(4);
  });

  test('after it got on is tried again soon', async () => {
    const all = pullsOf('a');
    all.look();
    for (let i = 0; i < 5; i++) {
      pulls[i]?.progress(10 * i);
      pulls[i]?.progress(10 * i + 5);
      pulls[i]?.end(broken);
      await settle();
      clock.advance(15_000);
      expect(asked()).toHaveLength(i + 2);
    }
  });

  test('that begins with what it had has not got on', async () => {
    const all = pullsOf('a');
    all.look();
    pulls[0]?.progress(40);
    pulls[0]?.end(broken);
    await settle();
    clock.advance(15_000);
    pulls[1]?.progress(40);
    pulls[1]?.end(broken);
    await settle();
    expect(all.seen()[0]?.details).toMatchObject({ failures: 2, retry_at: clock.wallMs() + 30_000 });
  });

  test('is forgotten when the model comes in another way', async () => {
    const all = pullsOf('a');
    all.look();
    pulls[0]?.end(broken);
    await settle();
    here = ['a:latest'];
    all.look();
    here = [];
    all.look();
    expect([asked(), shown(all)]).toEqual([['a:latest', 'a:latest'], ['a:latest downloading pulling']]);
  });
});

test('a model that Ollama says it has and does not list is a failure, so that it is not pulled again and again', async () => {
  const all = pullsOf('library/a');
  all.look();
  pulls[0]?.end({ end: 'done' });
  await settle();
  expect([asked(), shown(all)]).toEqual([['library/a:latest'], ['library/a:latest error pull_not_listed']]);
});

test('a stop ends the pull under way, and nothing begins any more', async () => {
  const all = pullsOf('a', 'b');
  all.look();
  all.stop();
  expect(pulls[0]?.signal.aborted).toBe(true);
  await settle();
  all.look();
  clock.advance(3_600_000);
  expect([asked(), clock.pending]).toEqual([['a:latest'], 0]);
});

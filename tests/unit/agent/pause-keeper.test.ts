// The pause on a real disk with a clock that the test moves: restarts, sleeps, other processes, files that cannot be read or written.
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { causesOf, type RulePause } from '../../../src/main/agent/core/pause';
import { pauseFileOf, readPause, writePause } from '../../../src/main/agent/pause-file';
import { PauseKeeper } from '../../../src/main/agent/pause-keeper';
import { ManualClock } from '../../support/manual-clock';

const HOUR_MS = 3_600_000;
const game: RulePause = { code: 'full_screen', untilWallMs: null, detail: 'Factorio' };

let folder: string;
let clock: ManualClock;
let notices: string[];
let keepers: PauseKeeper[];

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-pause-'));
  clock = new ManualClock();
  notices = [];
  keepers = [];
});
afterEach(() => {
  for (const keeper of keepers) keeper.stop();
  rmSync(folder, { recursive: true, force: true });
});

function started(): PauseKeeper {
  const keeper = new PauseKeeper({
    stateDir: folder,
    clock,
    logger: { log: () => undefined, isEnabled: () => false },
    onChange: () => undefined,
    onNotice: (code) => {
      notices.push(code);
    },
  });
  keepers.push(keeper);
  keeper.start();
  return keeper;
}

function restarted(keeper: PauseKeeper): PauseKeeper {
  keeper.stop();
  return started();
}

const codes = (keeper: PauseKeeper) => causesOf(keeper.state()).map(({ code }) => code);

describe('pause', () => {
  test('restart -> still paused, with beginning, end and choice for the jobs', () => {
    const keeper = started();
    keeper.pause(clock.wallMs() + HOUR_MS, 'move');
    const { owner } = keeper.state();
    clock.advance(1000);
    expect(restarted(keeper).state().owner).toEqual(owner);
  });

  test('its end -> shares, also after a restart', () => {
    const keeper = started();
    keeper.pause(clock.wallMs() + 1500, 'finish');
    clock.advance(1499);
    expect(codes(keeper)).toEqual(['owner']);
    clock.advance(1);
    expect(codes(keeper)).toEqual([]);
    expect(codes(restarted(keeper))).toEqual([]);
  });

  test('end passed while the agent was stopped -> shares', () => {
    const keeper = started();
    keeper.pause(clock.wallMs() + HOUR_MS, 'finish');
    keeper.stop();
    clock.advance(HOUR_MS);
    expect(codes(started())).toEqual([]);
  });

  test('end passed while the machine slept -> shares at the next tick', () => {
    const keeper = started();
    keeper.pause(clock.wallMs() + HOUR_MS, 'finish');
    clock.sleep(2 * HOUR_MS);
    expect(codes(keeper)).toEqual(['owner']);
    clock.advance(2000);
    expect(codes(keeper)).toEqual([]);
  });

  test('changed end -> keeps its beginning', () => {
    const keeper = started();
    keeper.pause(null, 'finish');
    const since = keeper.state().owner?.sinceWallMs;
    clock.advance(5000);
    keeper.pause(clock.wallMs() + HOUR_MS, 'finish');
    expect(keeper.state().owner?.sinceWallMs).toBe(since);
  });
});

describe('rules', () => {
  test('share now, restart -> shares while the rule holds on, not after it held again', () => {
    const keeper = started();
    keeper.setRules([game]);
    keeper.resume();
    const again = restarted(keeper);
    again.setRules([game]);
    expect(codes(again)).toEqual([]);
    again.setRules([]);
    again.setRules([game]);
    expect(codes(again)).toEqual(['full_screen']);
  });

  test('rules alone -> nothing is written', () => {
    started().setRules([game]);
    expect(existsSync(pauseFileOf(folder))).toBe(false);
  });
});

describe('another process', () => {
  const owner = { sinceWallMs: 5, untilWallMs: null, runningJobs: 'finish' } as const;

  test('writes a pause -> paused at the next tick', () => {
    const keeper = started();
    writePause(pauseFileOf(folder), { owner, overridden: [], isShareRequested: false });
    clock.advance(2000);
    expect(keeper.state().owner).toEqual(owner);
  });

  test('asks to share -> rules that hold are overridden, and the file says so', () => {
    const keeper = started();
    keeper.setRules([game]);
    keeper.pause(null, 'finish');
    writePause(pauseFileOf(folder), { owner: null, overridden: [], isShareRequested: true });
    clock.advance(2000);
    expect(codes(keeper)).toEqual([]);
    expect(readPause(pauseFileOf(folder))).toEqual({
      ok: true,
      value: { owner: null, overridden: [{ code: 'full_screen', detail: 'Factorio' }], isShareRequested: false },
    });
  });
});

describe('another process wrote since the last tick', () => {
  const owner = { sinceWallMs: 5, untilWallMs: null, runningJobs: 'finish' } as const;
  const theirs = () => writePause(pauseFileOf(folder), { owner, overridden: [], isShareRequested: false });

  test('rules that override nothing any more -> its pause is kept', () => {
    const keeper = started();
    keeper.setRules([game]);
    keeper.resume();
    theirs();
    keeper.setRules([]);
    expect([codes(keeper), codes(restarted(keeper))]).toEqual([['owner'], ['owner']]);
  });

  test('owner changes the end -> the beginning of its pause is kept', () => {
    const keeper = started();
    theirs();
    keeper.pause(clock.wallMs() + HOUR_MS, 'finish');
    expect(keeper.state().owner).toMatchObject({ sinceWallMs: 5, untilWallMs: clock.wallMs() + HOUR_MS });
  });

  test('owner shares -> shares, also after the next tick', () => {
    const keeper = started();
    theirs();
    keeper.resume();
    clock.advance(2000);
    expect(codes(keeper)).toEqual([]);
  });
});

describe('file', () => {
  test.each([
    ['not JSON', '{'],
    ['another version', '{"version":2}'],
    ['an end that is no instant', '{"version":1,"owner":{"since":1,"until":"soon","running_jobs":"finish"},"overridden":[]}'],
    ['an unknown rule', '{"version":1,"owner":null,"overridden":[{"code":"owner","detail":null}]}'],
    ['too large', `{"version":1,"x":"${'x'.repeat(70_000)}"}`],
  ])('%s -> paused until the owner resumes, notice, file kept aside', (_case, text) => {
    writeFileSync(pauseFileOf(folder), text);
    const keeper = started();
    expect(keeper.state().owner).toMatchObject({ untilWallMs: null, runningJobs: 'finish' });
    expect(notices).toEqual(['pause_unreadable']);
    expect(readFileSync(`${pauseFileOf(folder)}.corrupt`, 'utf8')).toBe(text);
    const again = restarted(keeper);
    expect([codes(again), notices]).toEqual([['owner'], ['pause_unreadable']]);
    again.resume();
    expect(codes(restarted(again))).toEqual([]);
  });

  test('disk refuses the write -> paused all the same, with a notice', () => {
    const keeper = started();
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    keeper.pause(null, 'finish');
    expect([codes(keeper), notices]).toEqual([['owner'], ['pause_not_saved']]);
  });

  test.runIf(process.platform !== 'win32')('readable by its owner only', () => {
    chmodSync(folder, 0o755);
    started().pause(null, 'finish');
    expect(statSync(pauseFileOf(folder)).mode & 0o777).toBe(0o600);
  });
});

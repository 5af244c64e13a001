import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SavedState } from '../../../src/main/agent/saved-state';
import { ManualClock } from '../../support/manual-clock';
import { until } from '../../support/until';

let folder: string;
let clock: ManualClock;
let text: string;
let begun: number;
const events: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-saved-'));
  clock = new ManualClock();
  text = 'first';
  begun = 0;
  events.length = 0;
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const content = () => {
  begun++;
  return text;
};
const open = (file: string) =>
  new SavedState({ file, clock, logger: { log: (_level, event) => events.push(event), isEnabled: () => true }, content });
const written = (file: string): string | null =>
  statSync(file, { throwIfNoEntry: false }) === undefined ? null : readFileSync(file, 'utf8');

it('changes within a minute -> one write after it; then one a minute', async () => {
  const file = path.join(folder, 'state');
  const saved = open(file);
  for (let second = 0; second < 59; second++) {
    clock.advance(1000);
    saved.changed();
  }
  expect(written(file)).toBeNull();
  clock.advance(1000);
  saved.changed();
  await until('the first write', () => written(file) === 'first');
  text = 'second';
  clock.advance(59_000);
  saved.changed();
  clock.advance(999);
  saved.changed();
  expect(written(file)).toBe('first');
  clock.advance(1);
  await until('the second write', () => {
    saved.changed();
    return written(file) === 'second';
  });
});

it('closed -> the last change is on disk; without a change nothing is written', async () => {
  const file = path.join(folder, 'state');
  await open(file).close();
  expect(written(file)).toBeNull();
  const saved = open(file);
  saved.changed();
  await saved.close();
  expect([written(file), statSync(file).mode & 0o777]).toEqual(['first', 0o600]);
});

it('changed after the end -> no further write', async () => {
  const file = path.join(folder, 'state');
  const saved = open(file);
  saved.changed();
  await saved.close();
  text = 'second';
  clock.advance(60_000);
  saved.changed();
  await saved.close();
  expect(written(file)).toBe('first');
});

it('disk refuses -> one log line until a write succeeds, and the program goes on', async () => {
  const parent = path.join(folder, 'file');
  const blocked = open(path.join(parent, 'state'));
  const other = open(parent);
  other.changed();
  await other.close();
  /** The write before has ended when the next one begins. */
  const writes = async (count: number) => {
    const last = begun + count;
    await until('the next write', () => {
      clock.advance(60_000);
      blocked.changed();
      return begun >= last;
    });
  };
  await writes(3);
  expect(events).toEqual(['owner_records_not_saved']);
  rmSync(parent);
  await until('a write that succeeds', () => {
    clock.advance(60_000);
    blocked.changed();
    return written(path.join(parent, 'state')) === 'first';
  });
  await blocked.close();
  expect(events).toEqual(['owner_records_not_saved']);
});

// Limits of sessions and codes: one credential cannot end the sessions of another.
import { expect, test } from 'vitest';
import { Sessions } from '../../../../src/main/scheduler/members/sessions';
import { hashOf } from '../../../../src/main/scheduler/members/secrets';
import { ManualClock } from '../../../support/manual-clock';

const open = (sessions: Sessions, source: string | null): string =>
  sessions.exchange(sessions.issueCode(source).secret)?.secret ?? expect.unreachable('the code is valid');
const isValid = (sessions: Sessions, secret: string): boolean => sessions.sourceOf(hashOf(secret)) !== null;

test('300 sessions of one viewer -> 16 are left, the owner keeps its own', () => {
  const sessions = new Sessions(new ManualClock());
  const owner = open(sessions, null);
  const viewer = Array.from({ length: 300 }, () => open(sessions, 'viewer'));
  expect(isValid(sessions, owner)).toBe(true);
  expect(viewer.map((secret) => isValid(sessions, secret))).toEqual(viewer.map((_, at) => at >= 284));
});

test('100 codes of one viewer -> 8 are left, the owner keeps its own', () => {
  const sessions = new Sessions(new ManualClock());
  const owner = sessions.issueCode(null).secret;
  const viewer = Array.from({ length: 100 }, () => sessions.issueCode('viewer').secret);
  expect(sessions.exchange(owner)).not.toBeNull();
  expect(viewer.filter((code) => sessions.exchange(code) !== null)).toEqual(viewer.slice(92));
});

test('total reached by many credentials -> the one with the most loses its oldest', () => {
  const sessions = new Sessions(new ManualClock());
  const owner = open(sessions, null);
  const many = Array.from({ length: 16 }, () => open(sessions, 'many'));
  const others = Array.from({ length: 240 }, (_, at) => open(sessions, `viewer-${String(at)}`));
  expect([owner, ...others].every((secret) => isValid(sessions, secret))).toBe(true);
  expect(many.map((secret) => isValid(sessions, secret))).toEqual(many.map((_, at) => at > 0));
});

test('ended sessions do not count', () => {
  const clock = new ManualClock();
  const sessions = new Sessions(clock);
  for (let at = 0; at < 256; at++) open(sessions, `viewer-${String(at)}`);
  clock.advance(12 * 3_600_000);
  const owner = [open(sessions, null), open(sessions, null)];
  for (let at = 0; at < 200; at++) open(sessions, `viewer-${String(at)}`);
  expect(owner.every((secret) => isValid(sessions, secret))).toBe(true);
});

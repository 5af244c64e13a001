// The log lines of refused upgrades to a node socket.
import { expect, test } from 'vitest';
import type { ErrorCode } from '../../../../src/shared/protocol/codes';
import { RefusalLog } from '../../../../src/main/scheduler/node-socket/refusal-log';
import { ManualClock } from '../../../support/manual-clock';
import { KeptLog } from '../../../support/test-scheduler';

const PEER = { remoteAddress: '192.0.2.7', remotePort: 50_000 };
const of = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });

function open(maxMembers?: number) {
  const [clock, logger] = [new ManualClock(), new KeptLog()];
  const refusals = new RefusalLog({ clock, logger }, maxMembers);
  /** How many lines the attempt adds. */
  const attempt = (key: string, code: ErrorCode, afterMs = 30_000): number => {
    clock.advance(afterMs);
    const before = logger.lines.length;
    refusals.refused(PEER, code, of(key));
    return logger.lines.length - before;
  };
  return { logger, refusals, attempt };
}

test('member without the role tries every 30 s -> one line; another reason -> one more; admitted and refused again -> one more', () => {
  const { refusals, attempt, logger } = open();
  expect([attempt('a', 'FORBIDDEN'), attempt('a', 'FORBIDDEN'), attempt('b', 'FORBIDDEN'), attempt('a', 'FORBIDDEN')]).toEqual([
    1, 0, 1, 0,
  ]);
  expect([attempt('a', 'REVOKED'), attempt('a', 'REVOKED')]).toEqual([1, 0]);
  refusals.admitted(of('a'));
  expect([attempt('a', 'REVOKED'), attempt('b', 'FORBIDDEN')]).toEqual([1, 0]);
  expect(JSON.stringify(logger.lines)).not.toContain('Bearer');
});

test('a line that the limit of one a second keeps back -> logged at the next attempt', () => {
  const { attempt } = open();
  expect([attempt('a', 'FORBIDDEN'), attempt('b', 'FORBIDDEN', 500), attempt('b', 'FORBIDDEN')]).toEqual([1, 0, 1]);
});

test('unknown keys -> a line for each attempt, at most one a second; they push no member out', () => {
  const { attempt } = open(1);
  expect([attempt('a', 'FORBIDDEN'), attempt('x', 'UNAUTHORIZED'), attempt('x', 'UNAUTHORIZED'), attempt('y', 'UNAUTHORIZED', 10)]).toEqual(
    [1, 1, 1, 0],
  );
  expect([attempt('a', 'FORBIDDEN'), attempt('b', 'FORBIDDEN'), attempt('a', 'FORBIDDEN')]).toEqual([0, 1, 1]);
});

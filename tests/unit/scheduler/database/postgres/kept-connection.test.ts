import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Connection } from '../../../../../src/main/scheduler/database/postgres/connection';
import type { Fault } from '../../../../../src/main/scheduler/database/postgres/core/faults';
import { KeptConnection } from '../../../../../src/main/scheduler/database/postgres/kept-connection';
import { fail, ok } from '../../../../../src/shared/result';
import { ManualClock } from '../../../../support/manual-clock';

const FAULT: Fault = { kind: 'lost', sqlState: '57P03', reason: 'starting up' };

class FakeConnection implements Connection {
  readonly timeline = '00000001';
  readonly localSettings = '';
  isOpen = true;
  readonly query = () => Promise.resolve(ok({ rows: [], command: 'SELECT' }));
  readonly script = this.query;
  drop(): void {
    this.isOpen = false;
  }
  end(): void {
    this.isOpen = false;
  }
}

function kept() {
  const clock = new ManualClock();
  const connections: FakeConnection[] = [];
  const state = { attempts: 0, isReachable: true };
  const connection = new KeptConnection({
    clock,
    random: () => 1,
    connect: () => {
      state.attempts++;
      if (!state.isReachable) return Promise.resolve(fail(FAULT));
      const next = new FakeConnection();
      connections.push(next);
      return Promise.resolve(ok(next));
    },
  });
  return { clock, connection, connections, state };
}

test('connection: several uses -> one; after a loss a new one, at once', async () => {
  const { connection, connections, state } = kept();
  const [first, second] = await Promise.all([connection.open(), connection.open()]);
  connection.succeeded();
  expect(first).toEqual(ok(connections[0]));
  expect(second).toEqual(first);
  connection.drop();
  expect(connections[0]?.isOpen).toBe(false);
  expect(await connection.open()).toEqual(ok(connections[1]));
  expect(state.attempts).toBe(2);
});

test('connection: losses without a success between them -> growing pauses, up to a second', async () => {
  const { clock, connection, state } = kept();
  state.isReachable = false;
  expect(await connection.open()).toEqual(fail(FAULT));
  for (const pauseMs of [100, 200, 400, 800, 1000, 1000]) {
    const before = state.attempts;
    const opening = connection.open();
    await nextTurn();
    clock.advance(pauseMs - 1);
    await nextTurn();
    expect(state.attempts).toBe(before);
    clock.advance(1);
    expect(await opening).toEqual(fail(FAULT));
  }
  state.isReachable = true;
  const opening = connection.open();
  await nextTurn();
  clock.advance(1000);
  expect((await opening).ok).toBe(true);
});

test('connection: closed in a pause -> no new connection, no timer', async () => {
  const { clock, connection, state } = kept();
  state.isReachable = false;
  await connection.open();
  const opening = connection.open();
  await nextTurn();
  connection.close();
  expect((await opening).ok).toBe(false);
  expect((await connection.open()).ok).toBe(false);
  expect([state.attempts, clock.pending]).toEqual([1, 0]);
});

test('connection: closed while it connects -> the new one is ended', async () => {
  const { connection, connections } = kept();
  const opening = connection.open();
  connection.close();
  expect((await opening).ok).toBe(false);
  expect(connections.map(({ isOpen }) => isOpen)).toEqual([false]);
});

// A member that begins to lead has the connections of its replica already: they must not wait until the scheduler of the term is built.
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../src/main/platform/clock';
import { silentLogger } from '../../src/main/platform/logger';
import { openListener } from '../../src/main/scheduler/open-listener';
import { openScheduler } from '../../src/main/scheduler/open-scheduler';
import { OWNER_KEY } from '../support/http-api';
import { temporaryDir, testConfig } from '../support/test-scheduler';

const LEAST_TURNS = 2;

test('a scheduler listens -> its files, routes and server are made in turns of the event loop', async () => {
  const { dir, remove } = temporaryDir();
  onTestFinished(remove);
  let turns = 0;
  let turnsUntilServer = 0;
  const cluster = {
    port: { view: () => Promise.reject(new Error('not asked')), stepDown: () => Promise.resolve(false) },
    epoch: 1,
    mayAssign: () => true,
    openListener: (parts: Parameters<typeof openListener>[0]) => {
      turnsUntilServer = turns;
      return openListener(parts);
    },
  };
  const options = {
    config: await testConfig(),
    clock: systemClock,
    logger: silentLogger,
    version: '0',
    ownerKey: () => OWNER_KEY,
    cluster,
  };
  const opened = await openScheduler({ ...options, databaseFile: path.join(dir, 'scheduler.db') });
  if (!opened.ok) throw new Error(opened.error.code);
  onTestFinished(() => opened.value.stop());
  const countTurn = (): void => {
    turns++;
    counting = setImmediate(countTurn);
  };
  let counting = setImmediate(countTurn);
  const listening = await opened.value.listen({ app: null, rendererDir: null });
  clearImmediate(counting);
  expect(listening.ok).toBe(true);
  expect(turnsUntilServer).toBeGreaterThanOrEqual(LEAST_TURNS);
});

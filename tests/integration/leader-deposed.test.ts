// A scheduler that does not lead any more, and has not closed its connections yet.
import { afterEach, expect, test } from 'vitest';
import { openListener } from '../../src/main/scheduler/open-listener';
import { sendRequest } from '../support/http-api';
import { TestNode } from '../support/test-node';
import { startTestScheduler, type TestScheduler } from '../support/test-scheduler';

const schedulers: TestScheduler[] = [];
afterEach(async () => {
  await Promise.all(schedulers.splice(0).map((one) => one.stop()));
});

const UPGRADE = {
  connection: 'upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};
const port = { view: () => Promise.reject(new Error('not asked')), stepDown: () => Promise.resolve(false) };

test('a node connects to a leader whose lease has ended -> NOT_LEADER without a time, so that it goes on', async () => {
  let leads = true;
  const scheduler = await startTestScheduler({ cluster: { port, epoch: 1, mayAssign: () => leads, openListener } });
  schedulers.push(scheduler);
  const node = await TestNode.registered(scheduler.url);
  node.close();
  leads = false;
  const { status, headers } = await sendRequest(scheduler.port, { path: '/ws/node', headers: UPGRADE });
  expect([status, headers['x-muster-error'], headers['retry-after']]).toEqual([503, 'NOT_LEADER', undefined]);
});

import { expect, test } from 'vitest';
import { holdMessages } from '../../../src/main/desktop/held-messages';
import { IPC } from '../../../src/shared/api/ipc-channels';
import { FakeIpcMain, FakeWindow } from '../../support/fake-ipc';

function setUp() {
  const ipc = new FakeIpcMain();
  const messages = holdMessages(ipc);
  const window = new FakeWindow(ipc);
  const taken: unknown[] = [];
  const connect = () => {
    messages.handle(IPC.call, (_event, operation) => {
      taken.push(operation);
      return `answer of ${String(operation)}`;
    });
    for (const channel of [IPC.subscribe, IPC.unsubscribe, IPC.ask, IPC.askTaken, IPC.cancelAsk]) {
      messages.on(channel, ({ sender }, ...args) => void taken.push([channel, sender.id, ...args]));
    }
    messages.deliver();
  };
  return { window, taken, connect };
}

test('messages before the program is open -> taken in order when it opens, calls are answered', async () => {
  const { window, taken, connect } = setUp();
  window.send(IPC.subscribe, 1);
  const answer = window.invoke(IPC.call, 'agent.recheck');
  window.send(IPC.unsubscribe, 1);
  window.send(IPC.ask, 2, { task: 'chat' });
  window.send(IPC.cancelAsk, 2);
  await Promise.resolve();
  expect(taken).toEqual([]);
  connect();
  expect(await answer).toBe('answer of agent.recheck');
  expect(taken).toEqual([
    [IPC.subscribe, 1, 1],
    'agent.recheck',
    [IPC.unsubscribe, 1, 1],
    [IPC.ask, 1, 2, { task: 'chat' }],
    [IPC.cancelAsk, 1, 2],
  ]);
});

test('messages of an open program -> taken at once', async () => {
  const { window, taken, connect } = setUp();
  connect();
  window.send(IPC.askTaken, 3);
  expect(await window.invoke(IPC.call, 'pool.nodes')).toBe('answer of pool.nodes');
  expect(taken).toEqual([[IPC.askTaken, 1, 3], 'pool.nodes']);
});

import { expect, test } from 'vitest';
import { IpcAppApi } from '../../../src/main/desktop/ipc-app-api';
import { silentLogger } from '../../../src/main/platform/logger';
import { ipcAppApi } from '../../../src/preload/ipc-api';
import type { AskEvent, AskListener } from '../../../src/shared/api/ask';
import { LISTENER_FAILED } from '../../../src/shared/api/ask-end';
import { fakeApi } from '../../fixtures/app-states/fake-api';
import { FakeIpcMain, FakeWindow } from '../../support/fake-ipc';

const TEXT: AskEvent = { type: 'text', text: 'one', pieces: 1 };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A question of a window to a program whose answer the test sends. */
function ask(listener: AskListener) {
  const main = new FakeIpcMain();
  const program = { listener: null as AskListener | null, cancels: 0 };
  const api = {
    ...fakeApi(null),
    ask: (_params: unknown, toWindow: AskListener) => {
      program.listener = toWindow;
      return () => {
        program.cancels += 1;
      };
    },
  };
  new IpcAppApi({ ipc: main, api, logger: silentLogger, isAppWindow: () => true });
  const cancel = ipcAppApi(new FakeWindow(main)).ask({ task: 'speak', model: 'm', text: 'one' }, listener);
  return { program, cancel };
}

/** A question whose listener throws at each event. */
function askThatThrows() {
  const events: AskEvent[] = [];
  const { program } = ask({
    onEvents: (taken) => {
      events.push(...taken);
      return Promise.reject(new Error('a bug of the page'));
    },
  });
  return { program, events };
}

test('listener throws -> one last event, the program cancels and waits no longer', async () => {
  const { program, events } = askThatThrows();
  let isTaken = false;
  void Promise.resolve(program.listener?.onEvents([TEXT])).then(() => {
    isTaken = true;
  });
  await settled();
  expect([events, isTaken, program.cancels]).toEqual([[TEXT, LISTENER_FAILED], true, 1]);
});

test('listener throws at the last event -> no further event', async () => {
  const { program, events } = askThatThrows();
  void program.listener?.onEvents([LISTENER_FAILED]);
  await settled();
  expect([events, program.cancels]).toEqual([[LISTENER_FAILED], 0]);
});

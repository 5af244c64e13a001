import { expect, test } from 'vitest';
import { type Ask, askLater } from '../../../../src/renderer/api/ask-later';
import type { AskEvent } from '../../../../src/shared/api/ask';

const PARAMS = { task: 'speak', model: 'm', text: 'x' } as const;
const END: AskEvent = { type: 'end', finish_reason: 'stop' };
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

function begin(load: () => Promise<Ask>) {
  const events: AskEvent[] = [];
  return { events, cancel: askLater(load, PARAMS, { onEvents: (taken) => void events.push(...taken) }) };
}

const answering: Ask = (_params, listener) => {
  void listener.onEvents([END]);
  return () => undefined;
};
const missing = (): Promise<Ask> => Promise.reject(new Error('gone'));

test('code loaded -> asked; cannot be loaded -> failed', async () => {
  const [asked, failed] = [begin(() => Promise.resolve(answering)), begin(missing)];
  await settled();
  expect(asked.events).toEqual([END]);
  expect(failed.events).toEqual([{ type: 'failed', error: { code: 'DISCONNECTED', message: 'Error: gone', details: null } }]);
});

test.each([
  ['loaded', () => Promise.resolve(answering)],
  ['missing', missing],
])('cancelled before the code is %s -> no event', async (_title, load) => {
  const { events, cancel } = begin(load);
  cancel();
  await settled();
  expect(events).toEqual([]);
});

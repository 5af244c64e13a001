// The question when the window is closed, and each answer.
import { EventEmitter } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { CloseWindow } from '../../../src/main/desktop/close-window';
import { closeQuestion } from '../../../src/main/desktop/core/close-question';
import type { CloseAction } from '../../../src/main/platform/config/desktop-keys';
import { fail, ok } from '../../../src/shared/result';

const [STAY, QUIT, CANCEL] = [0, 1, 2];
const variable = process.env['MUSTER_NO_DIALOGS'];
beforeEach(() => {
  delete process.env['MUSTER_NO_DIALOGS'];
});
afterEach(() => {
  if (variable !== undefined) process.env['MUSTER_NO_DIALOGS'] = variable;
});

function bench(answer: number, { checked = false, chosen = 'ask' as CloseAction, isKept = true, isQuitting = false } = {}) {
  const done: unknown[] = [];
  const questions: { checkboxLabel?: string }[] = [];
  const window = Object.assign(new EventEmitter(), { hide: () => void done.push('hide') });
  new CloseWindow({
    window: window as never,
    ask: (question) => {
      questions.push(question);
      return Promise.resolve({ response: answer, checkboxChecked: checked });
    },
    api: {
      call: ((name: string, params: object) => {
        done.push([name, params]);
        return Promise.resolve(isKept ? ok(null) : fail({ code: 'SETTINGS_UNWRITABLE', message: '', details: null }));
      }) as never,
    },
    logger: { log: (...line: unknown[]) => void done.push(line), isEnabled: () => true },
    chosen: () => chosen,
    question: () => closeQuestion({ agent: null, host: null }, 'en'),
    isQuitting: () => isQuitting,
    quit: () => void done.push('quit'),
    onHide: () => void done.push('bounds'),
  });
  /** Whether the window closes. */
  const close = async (): Promise<boolean> => {
    let closes = true;
    window.emit('close', { preventDefault: () => void (closes = false) });
    await nextTurn();
    return closes;
  };
  return { done, questions, close };
}

const kept = (value: CloseAction, more: object[] = []) => ['settings.set', { key: 'desktop.on_close', value, with: more }];

describe('question', () => {
  test('stay -> hidden and kept; the next time no question', async () => {
    const { done, questions, close } = bench(STAY);
    expect([await close(), await close()]).toEqual([false, false]);
    expect(done).toEqual(['bounds', 'hide', kept('tray'), 'bounds', 'hide']);
    expect(questions).toHaveLength(1);
    expect(questions[0]?.checkboxLabel).toBe('Start Muster when I log in');
  });

  test('stay, and start at login -> both are kept together', async () => {
    const { done, close } = bench(STAY, { checked: true });
    await close();
    expect(done.at(-1)).toEqual(kept('tray', [{ key: 'desktop.start_at_login', value: true }]));
  });

  test('quit -> kept, then the app quits; the box counts only for an app that stays', async () => {
    const { done, close } = bench(QUIT, { checked: true });
    expect(await close()).toBe(false);
    expect(done).toEqual([kept('quit'), 'quit']);
  });

  test('cancel -> nothing, and the question comes again', async () => {
    const { done, questions, close } = bench(CANCEL, { checked: true });
    await close();
    await close();
    expect([done, questions.length]).toEqual([[], 2]);
  });

  test('settings cannot keep the answer -> log line; it holds until the end of the app', async () => {
    const { done, questions, close } = bench(STAY, { isKept: false });
    await close();
    await close();
    expect(done.slice(3)).toEqual([['warn', 'close_choice_not_kept', { code: 'SETTINGS_UNWRITABLE' }], 'bounds', 'hide']);
    expect(questions).toHaveLength(1);
  });
});

test.each<[string, Parameters<typeof bench>[1], boolean, unknown[]]>([
  ['chosen: tray', { chosen: 'tray' }, false, ['bounds', 'hide']],
  ['chosen: quit', { chosen: 'quit' }, true, []],
  ['app quits', { isQuitting: true }, true, []],
])('%s -> no question', async (_name, options, closes, expected) => {
  const { done, questions, close } = bench(CANCEL, options);
  expect([await close(), done, questions]).toEqual([closes, expected, []]);
});

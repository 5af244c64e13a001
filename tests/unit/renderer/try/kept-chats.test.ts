import { describe, expect, test } from 'vitest';
import { figuresOf, newAnswer } from '../../../../src/renderer/pages/try/answer';
import { DEFAULT_OPTIONS, type Turn } from '../../../../src/renderer/pages/try/chat';
import { ChatShelf } from '../../../../src/renderer/pages/try/chat-shelf';
import { createChat } from '../../../../src/renderer/pages/try/chat-store';
import { contentOf, entryOf, KEEP_LIMITS, surplusOf, titleOf } from '../../../../src/renderer/pages/try/kept-chat';
import type { AskEvent, AskListener } from '../../../../src/shared/api/ask';
import { answerEvents } from '../../../fixtures/app-states/asks';
import { memoryStorage } from '../../../fixtures/memory-storage';

const hex = (digit: string): string => digit.repeat(24);
const facts = { id: hex('a'), name: null, askedAtWallMs: 1, savedAtWallMs: 2, savedBy: hex('b'), revision: hex('c') };
const turnOf = (question: string, answer: string): Turn => ({
  question: { text: question, pictures: [] },
  answer: {
    ...newAnswer(hex('d'), 'm', 5000),
    state: 'done',
    text: answer,
    firstAtMonotonicMs: 5380,
    lastAtMonotonicMs: 7480,
    pieces: 101,
  },
});
const content = (...turns: readonly Turn[]) => ({ turns, options: { ...DEFAULT_OPTIONS, systemPrompt: 'Be brief.' }, turnsLeftOut: 0 });
const end: AskEvent = { type: 'end', finish_reason: 'stop' };

/** Windows over one storage, with one clock. */
function device(storage = memoryStorage()) {
  const clock = { nowMs: 1_000_000 };
  const asks: { readonly params: unknown; readonly listener: AskListener }[] = [];
  const open = (tab = memoryStorage()) => {
    const shelf = new ChatShelf({ storage, tab, now: () => clock.nowMs });
    const ask = (params: unknown, listener: AskListener) => {
      asks.push({ params, listener });
      return () => undefined;
    };
    const chat = createChat({ ask }, () => clock.nowMs, shelf);
    return {
      chat,
      tab,
      say(question: string, ...events: readonly AskEvent[]) {
        chat.send({ text: question, pictures: [] }, 'm', 'en');
        clock.nowMs += 1000;
        void asks.at(-1)?.listener.onEvents(events);
      },
      state: () => chat.store.getState(),
      questions: () => chat.store.getState().turns.map(({ question }) => question.text),
      titles: () => chat.store.getState().kept.map(({ title }) => title),
    };
  };
  return { storage, clock, asks, open };
}

const text = (value: string): AskEvent => ({ type: 'text', text: value, pieces: 1 });

describe('entry', () => {
  test('text, options, figures and node of an answer -> as before', () => {
    const { state } = device().open();
    expect(state().turns).toEqual([]);
    const entry = entryOf(content(turnOf('Hello\nthere', 'Hi')), facts, 9000);
    expect(entry?.head).toMatchObject({ title: 'Hello', model: 'm', turnsLeftOut: 0, isNamed: false });
    const read = contentOf(entry?.text ?? '', false);
    expect(read?.options.systemPrompt).toBe('Be brief.');
    expect(read?.turns[0]).toMatchObject({ question: { text: 'Hello\nthere' }, answer: { text: 'Hi', state: 'done' } });
    const [turn] = read?.turns ?? [];
    expect(turn && figuresOf(turn.answer)).toEqual(figuresOf(turnOf('', '').answer));
  });

  test('pictures -> their number', () => {
    const turn = { ...turnOf('', 'A cat'), question: { text: '', pictures: [{ name: 'cat.png', dataUrl: 'data:image/png;base64,AA' }] } };
    const entry = entryOf(content(turn), facts, 9000);
    expect(entry?.text).not.toContain('base64');
    expect(contentOf(entry?.text ?? '', false)?.turns[0]?.question).toEqual({ text: '', pictures: [], picturesLeftOut: 1 });
  });

  test.each<[string, (entry: string) => string]>([
    ['cut off', (entry) => entry.slice(0, -20)],
    ['of a later version', (entry) => entry.replace('"version":1', '"version":2')],
    ['without a head', (entry) => entry.slice(entry.indexOf('\n'))],
    ['with a text that is a number', (entry) => entry.replace('"text":"Hi"', '"text":7')],
    ['with a head that is too long', (entry) => ' '.repeat(3000) + entry],
    ['of another program', () => '{"a":1}'],
    ['longer than an entry may be', (entry) => entry + ' '.repeat(KEEP_LIMITS.chatCharacters)],
  ])('%s -> none', (_title, damage) => {
    const entry = entryOf(content(turnOf('Hello', 'Hi')), facts, 9000)?.text ?? '';
    expect(contentOf(entry, false)).not.toBeNull();
    expect(contentOf(damage(entry), false)).toBeNull();
  });

  test('a fact beside the answer that is no longer understood -> the text without it', () => {
    const entry = entryOf(content(turnOf('Hello', 'Hi')), facts, 9000)?.text.replace('"job":null', '"job":{"job_id":7}') ?? '';
    expect(contentOf(entry, false)?.turns[0]?.answer).toMatchObject({ text: 'Hi', job: null });
  });

  test('more characters than the limit -> the last turns, and the number of those left out; one turn too long -> no entry', () => {
    const long = 'x'.repeat(KEEP_LIMITS.chatCharacters / 3);
    const entry = entryOf(content(turnOf('1', long), turnOf('2', long), turnOf('3', long)), facts, 9000);
    expect(entry?.text.length).toBeLessThanOrEqual(KEEP_LIMITS.chatCharacters);
    expect(entry?.head).toMatchObject({ turnsLeftOut: 1, title: '1' });
    expect(contentOf(entry?.text ?? '', false)?.turns.map(({ question }) => question.text)).toEqual(['2', '3']);
    expect(entryOf(content(turnOf('1', long.repeat(4))), facts, 9000)).toBeNull();
  });

  test('title: first line with text, at most 80 characters, no half of a character', () => {
    expect(titleOf('\n  Hello \nthere')).toBe('Hello');
    expect(titleOf('')).toBe('');
    expect(titleOf('x'.repeat(77) + '😀😀')).toBe(`${'x'.repeat(77)}…`);
    expect(titleOf('x'.repeat(500))).toHaveLength(79);
  });

  test('too many, or too long together -> the oldest; never the one saved just now', () => {
    const chats = Array.from({ length: KEEP_LIMITS.chats + 2 }, (_none, index) => ({ id: String(index), characters: 1 }));
    expect(surplusOf(chats, '0')).toEqual(['1', '2']);
    const long = ['a', 'b', 'c'].map((id) => ({ id, characters: KEEP_LIMITS.allCharacters / 2 }));
    expect(surplusOf(long, 'c')).toEqual(['a']);
  });
});

describe('window', () => {
  test('loaded again -> its chat; a new window -> a new chat, and the list', () => {
    const { open } = device();
    const first = open();
    first.say('Hello', ...answerEvents([hex('1')]), end);
    const again = open(first.tab);
    expect(again.questions()).toEqual(['Hello']);
    expect(again.state().turns[0]?.answer).toMatchObject({ state: 'done', begin: { node_name: 'lab-a100' }, job: { job_id: 'job-1' } });
    expect(again.state()).toMatchObject({ id: first.state().id, chosen: 'chat m' });
    const other = open();
    expect(other.questions()).toEqual([]);
    expect(other.titles()).toEqual(['Hello']);
  });

  test('loaded again while it answered -> cut, with its text; retry asks the question again', () => {
    const { open, asks } = device();
    const first = open();
    first.say('One', text('1'), end);
    first.say('Two', text('half'));
    first.chat.cut();
    const again = open(first.tab);
    expect(again.state().turns.map(({ answer }) => [answer.state, answer.text])).toEqual([
      ['done', '1'],
      ['cut', 'half'],
    ]);
    again.chat.retry('m', 'en');
    expect(again.questions()).toEqual(['One', 'Two']);
    expect(asks.at(-1)?.params).toMatchObject({ messages: [{ text: 'One' }, { text: '1' }, { text: 'Two' }] });
  });

  test.each([true, false])('connection closed, page is ending: %s -> cut, or failed', (isLeaving) => {
    const { open, asks, clock } = device();
    const first = open();
    first.say('One', text('half'));
    if (isLeaving) first.chat.leave();
    void asks.at(-1)?.listener.onEvents([{ type: 'failed', error: { code: 'DISCONNECTED', message: 'closed', details: null } }]);
    clock.nowMs += 1;
    if (!isLeaving) first.chat.leave();
    first.chat.cut();
    expect(open(first.tab).state().turns[0]?.answer).toMatchObject({ state: isLeaving ? 'cut' : 'failed', text: 'half' });
  });

  test('ended without notice while it answered -> cut in its own window at once, in another one after 30 s', () => {
    const { open, clock } = device();
    const first = open();
    first.say('Hello', text('half'));
    const other = open();
    other.chat.keeping.show(first.state().id);
    expect(other.state().turns[0]?.answer.state).toBe('elsewhere');
    expect(open(first.tab).state().turns[0]?.answer.state).toBe('cut');
    clock.nowMs += 31_000;
    other.chat.keeping.refresh();
    expect(other.state().turns[0]?.answer.state).toBe('cut');
  });

  test('chat that is shown in another window -> the new turns appear there', () => {
    const { open } = device();
    const [first, other] = [open(), open()];
    first.say('Hello', text('Hi'), end);
    other.chat.keeping.show(first.state().id);
    first.say('And you?', text('Well'), end);
    other.chat.keeping.refresh();
    expect(other.questions()).toEqual(['Hello', 'And you?']);
    first.say('Good', text('Yes'), end);
    expect(first.titles()).toEqual(['Hello']);
  });

  test('two windows ask in one chat -> two chats, no turn is lost', () => {
    const { open } = device();
    const [first, other] = [open(), open()];
    first.say('Hello', text('Hi'), end);
    other.chat.keeping.show(first.state().id);
    first.say('From the first', text('1'), end);
    other.say('From the other', text('2'), end);
    const third = open();
    const kept = third.state().kept.map(({ id }) => {
      third.chat.keeping.show(id);
      return third.questions();
    });
    expect(kept).toEqual([
      ['Hello', 'From the other'],
      ['Hello', 'From the first'],
    ]);
  });

  test('deleted in another window -> a new chat there; while it answers the answer goes on, and is not kept', () => {
    const { open, asks } = device();
    const [first, other] = [open(), open()];
    first.say('Hello', text('Hi'), end);
    other.chat.keeping.refresh();
    other.chat.keeping.remove(first.state().id);
    first.chat.keeping.refresh();
    expect(first.questions()).toEqual([]);
    first.say('Again', text('half'));
    other.chat.keeping.remove(first.state().id);
    first.chat.keeping.refresh();
    void asks.at(-1)?.listener.onEvents([text(' more'), end]);
    expect(first.state().turns[0]?.answer.text).toBe('half more');
    expect(open().titles()).toEqual([]);
  });

  test('deleted -> undo puts it back, and shows it', () => {
    const { open } = device();
    const window = open();
    window.say('Hello', text('Hi'), end);
    const undo = window.chat.keeping.remove(window.state().id);
    expect([window.questions(), window.titles()]).toEqual([[], []]);
    undo?.();
    expect([window.questions(), window.titles()]).toEqual([['Hello'], ['Hello']]);
  });

  test('turned off -> nothing stays in the storage, in no window; the chat on the screen stays until it is turned on again', () => {
    const { open, storage } = device();
    const [first, other] = [open(), open()];
    first.say('Hello', text('Hi'), end);
    other.say('Other', text('Hi'), end);
    first.chat.keeping.turn(false);
    other.chat.keeping.refresh();
    expect(other.state()).toMatchObject({ isKeeping: false, kept: [] });
    other.say('More', text('Hi'), end);
    expect(other.questions()).toEqual(['Other', 'More']);
    expect(Array.from({ length: storage.length }, (_none, index) => storage.key(index))).toEqual(['muster.chats-off']);
    expect(open().titles()).toEqual([]);
    first.chat.keeping.turn(true);
    expect(first.titles()).toEqual(['Hello']);
    other.chat.keeping.refresh();
    expect(other.questions()).toEqual(['Other', 'More']);
  });

  test('renamed -> the name stays when the chat goes on', () => {
    const { open } = device();
    const window = open();
    window.say('Hello', text('Hi'), end);
    window.chat.keeping.rename(window.state().id, 'Greetings');
    window.say('More', text('Hi'), end);
    expect(window.titles()).toEqual(['Greetings']);
  });

  test('more than 50 chats -> the oldest are removed; damaged entries are removed, other keys are not', () => {
    const { open, storage } = device();
    storage.setItem('muster.preferences', '{}');
    storage.setItem(`muster.chat.${hex('e')}`, 'no chat');
    const window = open();
    expect(storage.getItem(`muster.chat.${hex('e')}`)).toBeNull();
    for (let index = 0; index < KEEP_LIMITS.chats + 3; index++) {
      window.say(`chat ${String(index)}`, text('Hi'), end);
      window.chat.clear();
    }
    expect(window.titles()).toHaveLength(KEEP_LIMITS.chats);
    expect(window.titles().at(-1)).toBe('chat 3');
    expect(storage.getItem('muster.preferences')).toBe('{}');
  });

  test('no space -> older chats make room; nothing fits -> the chat stays on the screen and says so, and no older one is lost', () => {
    const { open } = device(memoryStorage({}, 2600));
    const window = open();
    for (const name of ['first', 'second', 'third']) {
      window.say(name, text('x'.repeat(600)), end);
      window.chat.clear();
    }
    expect(window.titles()[0]).toBe('third');
    expect(window.titles()).not.toContain('first');
    window.say('long', text('x'.repeat(3000)), end);
    expect(window.state()).toMatchObject({ keepFault: 'storage_refused' });
    expect(window.questions()).toEqual(['long']);
    expect(window.titles()).toEqual(['long', 'third']);
  });

  test('entry that was damaged since the list was read -> removed, the chat on the screen stays', () => {
    const { open, storage } = device();
    const window = open();
    window.say('Hello', text('Hi'), end);
    const damagedId = window.state().id;
    window.chat.clear();
    const key = `muster.chat.${damagedId}`;
    storage.setItem(key, storage.getItem(key)?.slice(0, -5) ?? '');
    window.chat.keeping.show(damagedId);
    expect([window.questions(), window.titles()]).toEqual([[], []]);
  });
});

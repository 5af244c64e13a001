import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
// Loaded before the tests: the page loads it on demand.
import '../../../../src/renderer/pages/try/Markdown';
import type { AskEvent } from '../../../../src/shared/api/ask';
import { ok } from '../../../../src/shared/result';
import { POOL_MODELS } from '../../../fixtures/app-states/asks';
import { hosting } from '../../../fixtures/app-states/states';
import { show, type ShowOptions } from '../support/render-screen';

const END: AskEvent = { type: 'end', finish_reason: 'stop' };

async function open(options: ShowOptions = {}) {
  const shown = show(hosting({ host: null }), { page: 'try', answers: { 'pool.models': ok({ models: POOL_MODELS }) }, ...options });
  const field = await screen.findByRole('textbox', { name: /Message|消息/ });
  const user = userEvent.setup();
  return {
    ...shown,
    user,
    async say(question: string, ...events: readonly AskEvent[]) {
      await user.type(field, `${question}{Enter}`);
      await act(async () => {
        await shown.api.asks.at(-1)?.listener.onEvents(events);
      });
    },
    async openList() {
      await user.click(screen.getByRole('button', { name: /^(Chats|对话)$/ }));
      return within(screen.getByRole('navigation', { name: /^(Chats|对话)$/ }));
    },
  };
}

const text = (value: string): AskEvent => ({ type: 'text', text: value, pieces: 1 });
const rows = () => [...document.querySelectorAll('[data-chat]')].map((row) => row.firstElementChild?.textContent);

/** Two chats, the second one on the screen. */
async function twoChats() {
  const page = await open();
  await page.say('First question', text('one'), END);
  await page.user.click(screen.getByRole('button', { name: 'New chat' }));
  page.advance(60_000);
  await page.say('Second question', text('two'), END);
  return { ...page, list: await page.openList() };
}

describe('list of chats', () => {
  test('chats -> title, model and time, the last one first; a click shows the chat with its model', async () => {
    const { user, list } = await twoChats();
    expect(rows()).toEqual(['Second question', 'First question']);
    const first = list.getByRole('button', { name: /^First question/ });
    expect(first.textContent).toMatch(/^First questiongpt-oss:120b\d\d:\d\d/);
    expect(list.getByRole('button', { name: /^Second question/ }).getAttribute('aria-current')).toBe('true');
    await user.click(first);
    expect(await screen.findByText('one')).toBeTruthy();
    expect(screen.queryByText('two')).toBeNull();
    expect(first.getAttribute('aria-current')).toBe('true');
  });

  test('arrows, F2, Delete -> chosen, renamed, deleted; undo puts it back', async () => {
    const { user, list } = await twoChats();
    act(() => list.getByRole('button', { name: /^Second question/ }).focus());
    await user.keyboard('{ArrowDown}{F2}');
    const name = list.getByRole<HTMLInputElement>('textbox', { name: 'Name of the chat' });
    expect(name.value).toBe('First question');
    await user.keyboard('Greetings{Enter}');
    expect(rows()).toEqual(['Second question', 'Greetings']);
    await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^Greetings/));
    await user.keyboard('{F2}Nothing{Escape}');
    expect(rows()).toEqual(['Second question', 'Greetings']);
    await waitFor(() => expect(document.activeElement?.textContent).toMatch(/^Greetings/));
    await user.keyboard('{Delete}');
    expect(rows()).toEqual(['Second question']);
    expect(screen.getByText('Deleted “Greetings”')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Undo' }));
    expect(rows()).toEqual(['Second question', 'Greetings']);
  });

  test('menu of the chat on the screen: delete -> a new chat', async () => {
    const { user, list } = await twoChats();
    await user.click(list.getByRole('button', { name: 'Actions for Second question' }));
    await user.click(await screen.findByRole('menuitem', { name: 'Delete' }));
    expect(rows()).toEqual(['First question']);
    expect(screen.getByText('Ask a model of the pool')).toBeTruthy();
  });

  test('delete all -> asks, then the list and the screen are empty', async () => {
    const { user, list } = await twoChats();
    await user.click(list.getByRole('button', { name: 'Delete all…' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Delete 2 chats?' }));
    await user.click(dialog.getByRole('button', { name: 'Delete all' }));
    expect(rows()).toEqual([]);
    expect(list.getByText(/^No chats yet/)).toBeTruthy();
    expect(Object.keys(window.localStorage).filter((key) => key.startsWith('muster.chat.'))).toEqual([]);
  });

  test('keep chats off -> asks, deletes all but what is on the screen, and says so; a new message is not kept', async () => {
    const { user, list, say } = await twoChats();
    expect(screen.getByText(/Chats stay in this browser/)).toBeTruthy();
    await user.click(list.getByRole('switch', { name: 'Keep chats on this device' }));
    const dialog = within(await screen.findByRole('dialog', { name: 'Stop keeping chats?' }));
    expect(dialog.getByText(/^2 chats on this device are deleted/)).toBeTruthy();
    await user.click(dialog.getByRole('button', { name: 'Turn off and delete' }));
    await say('Third question', text('three'), END);
    expect(screen.getByText('two')).toBeTruthy();
    expect(rows()).toEqual([]);
    expect(list.getByText(/^Chats are not kept/)).toBeTruthy();
    expect(screen.getByText(/The chat stays in this window/)).toBeTruthy();
    expect(Object.keys(window.localStorage).toSorted()).toEqual(['muster.chats-off', 'muster.preferences']);
  });

  test('storage is changed by another window -> the list follows', async () => {
    const { list } = await twoChats();
    for (const key of Object.keys(window.localStorage)) if (key.startsWith('muster.chat.')) window.localStorage.removeItem(key);
    act(() => void window.dispatchEvent(new StorageEvent('storage', { key: null })));
    expect(rows()).toEqual([]);
    expect(list.getByText(/^No chats yet/)).toBeTruthy();
  });

  test('page ends while it answers -> after the reload the answer is marked, and Retry asks again', async () => {
    const { say } = await open({ language: 'zh-CN' });
    await say('你好', text('half an'));
    act(() => void window.dispatchEvent(new Event('pagehide')));
    const again = await open({ language: 'zh-CN' });
    const article = (await screen.findAllByRole('article')).at(-1);
    expect(article?.textContent).toContain('half an');
    expect(article?.textContent).toContain('页面关闭时中断');
    await again.user.click(screen.getAllByRole('button', { name: '重试' }).at(-1) ?? document.body);
    expect(again.api.asks.map(({ params }) => params)).toMatchObject([
      { model: 'gpt-oss:120b', messages: [{ role: 'user', text: '你好' }] },
    ]);
  });

  test('finished answer -> can be asked for again, the last one only', async () => {
    const { say, user, api } = await open();
    await say('First question', text('one'), END);
    await say('Second question', text('two'), END);
    await user.click(screen.getByRole('button', { name: 'Ask again' }));
    expect(api.asks.at(-1)?.params).toMatchObject({ messages: [{ text: 'First question' }, { text: 'one' }, { text: 'Second question' }] });
    expect(screen.queryByText('two')).toBeNull();
  });
});

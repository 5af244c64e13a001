// Copy as: the last question as a command of a program.
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
// Loaded before the tests: the page loads it on demand.
import '../../../../src/renderer/pages/try/Markdown';
import type { Outcome } from '../../../../src/shared/api/app-api';
import { fail, ok } from '../../../../src/shared/result';
import { POOL_MODELS } from '../../../fixtures/app-states/asks';
import { sixNodes } from '../../../fixtures/app-states/nodes';
import { headlessApp, hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

/** With an answer, and a copy of the curl example. */
async function openCopyAs(keyMade: Outcome<unknown>) {
  const answers = { 'pool.models': ok({ models: POOL_MODELS }), 'keys.create': keyMade };
  const { api } = show(hosting({ nodes: sixNodes(), host: null, app: headlessApp({ loopback_needs_key: true }) }), {
    page: 'try',
    hasToken: true,
    answers,
  });
  const user = userEvent.setup();
  await user.type(await screen.findByRole('textbox', { name: 'Message' }), 'hello{Enter}');
  await act(async () => {
    await api.asks.at(-1)?.listener.onEvents([
      { type: 'text', text: 'Hi.', pieces: 1 },
      { type: 'end', finish_reason: 'stop' },
    ]);
  });
  const copyCurl = async (): Promise<void> => {
    await user.click(screen.getByRole('button', { name: /^(Copy as code|Could not copy)$/ }));
    await user.click(await screen.findByRole('menuitem', { name: /curl/ }, { timeout: 10_000 }));
  };
  return { api, copyCurl };
}

const KEY_MADE = ok({ id: 'k', name: 'x', key: 'mk_kai-secret-9fQ2' });

test('copy as: base URL, model, the last question and a new key filled in', async () => {
  const { api, copyCurl } = await openCopyAs(KEY_MADE);
  await userEvent.click(screen.getByRole('button', { name: 'Copy as code' }));
  expect(await screen.findByText('A new key, filled in')).toBeTruthy();
  await userEvent.keyboard('{Escape}');
  await copyCurl();
  await waitFor(async () => {
    expect(await navigator.clipboard.readText()).toContain('Authorization: Bearer mk_kai-secret-9fQ2');
  });
  expect(await navigator.clipboard.readText()).toContain('http://pool.test:7080/v1/chat/completions');
  expect(await navigator.clipboard.readText()).toContain('"model":"gpt-oss:120b"');
  expect(await navigator.clipboard.readText()).toContain('"messages":[{"role":"user","content":"hello"}]');
  expect(api.userCalls.filter(({ name }) => name === 'keys.create')).toEqual([{ name: 'keys.create', params: { name: 'curl' } }]);
});

test('copy as: no key created, or no clipboard -> nothing copied, not shown as copied', async () => {
  const { api, copyCurl } = await openCopyAs(fail({ code: 'FORBIDDEN', message: 'no', details: null }));
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new Error('denied'));
  await copyCurl();
  expect(await screen.findByRole('alert')).toBeTruthy();
  expect([write.mock.calls, screen.queryByRole('button', { name: 'Copied' })]).toEqual([[], null]);
  api.answer('keys.create', KEY_MADE);
  await copyCurl();
  expect(await screen.findByRole('button', { name: 'Could not copy' })).toBeTruthy();
});

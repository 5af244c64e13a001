import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { JOIN_STEPS } from '../../../../src/shared/api/app-api';
import { ok } from '../../../../src/shared/result';
import { agentView } from '../../../fixtures/app-states/agents';
import { appInfo, appState, hosting, runningHost } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const PIN = `sha256-${'B'.repeat(43)}`;
const LINK = `muster://10.9.8.7:7080/join#pin=${PIN}&key=mi_secret`;
const opened = (link = LINK, id = 1) => ({ type: 'opened_link', opened_link: { id, link } }) as const;
const field = (): HTMLInputElement => screen.getByLabelText(/^Join link( or address)?$/);
const card = (): HTMLElement => screen.getByRole('region', { name: /^Join/ });

test('link opened on another page -> Pool page with the link in the field, nothing called, no key in the address', () => {
  const { api } = show(hosting(), { page: 'computer' });
  act(() => api.emit.onEvent(opened()));
  expect(window.location.hash).toBe('#/pool');
  expect(field().value).toBe(LINK);
  expect(card().textContent).toContain('The link leads to the pool at 10.9.8.7:7080');
  expect(card().textContent).toContain('Nothing has changed yet');
  expect(api.userCalls).toEqual([]);
});

const inNoPool = () => appState({ agent: agentView({ link: { state: 'idle' }, node_status: null }) });
test('link opened while the user types in the field -> the next Enter joins nothing', async () => {
  const { api } = show(inNoPool(), { page: 'pool' });
  await userEvent.type(field(), '192.168.1.2');
  act(() => api.emit.onEvent(opened()));
  await userEvent.keyboard('{Enter}');
  expect(field().value).toBe(LINK);
  expect(api.userCalls).toEqual([]);
});

test('join -> the question names the pool as it calls itself, and its address', async () => {
  const step = (name: (typeof JOIN_STEPS)[number]) =>
    ({ step: name, outcome: 'passed', code: null, details: name === 'token' ? { pool_name: 'Atelier' } : {}, duration_ms: 1 }) as const;
  const answers = { 'join.test': ok({ steps: JOIN_STEPS.map(step) }) };
  show({ ...inNoPool(), opened_link: opened().opened_link }, { page: 'pool', answers });
  await userEvent.click(screen.getByRole('button', { name: 'Join…' }));
  const dialog = await screen.findByRole('dialog', { name: 'Join Atelier?' });
  expect(dialog.textContent).toContain('The scheduler of Atelier is at 10.9.8.7:7080.');
  expect(dialog.textContent).toContain('Jobs of Atelier then run on this computer.');
});

test('another link -> replaces the text of the field', async () => {
  const { api } = show({ ...appState(), opened_link: opened().opened_link }, { page: 'pool' });
  await userEvent.type(field(), 'x');
  act(() => api.emit.onEvent(opened('muster://lab-b:7080/join', 2)));
  expect(field().value).toBe('muster://lab-b:7080/join');
});

test('discard -> the program forgets the link; the field is empty', async () => {
  const { api } = show({ ...inNoPool(), opened_link: opened().opened_link }, { page: 'pool' });
  api.answer('join.discard_link', ok({}));
  await userEvent.click(within(card()).getByRole('button', { name: 'Discard the link' }));
  expect(api.userCalls).toEqual([{ name: 'join.discard_link', params: {} }]);
  act(() => api.emit.onEvent({ type: 'opened_link', opened_link: null }));
  expect(field().value).toBe('');
  expect(card().textContent).not.toContain('Another program');
});

test('join: only after a click, with the whole link; joined -> the page of this computer', async () => {
  const { api } = show({ ...appState(), opened_link: opened().opened_link }, { page: 'pool' });
  api.answer('join.test', ok({ steps: [] }));
  api.answer('join.connect', ok({}));
  expect(api.userCalls).toEqual([]);
  await userEvent.click(within(card()).getByRole('button', { name: 'Join…' }));
  // The dialog tests, and asks again.
  expect(api.userCalls).toEqual([{ name: 'join.test', params: { address: LINK } }]);
  await userEvent.click(await within(screen.getByRole('dialog')).findByRole('button', { name: 'Join' }));
  expect(api.userCalls.at(-1)).toEqual({ name: 'join.connect', params: { address: LINK } });
  await waitFor(() => expect(window.location.hash).toBe('#/computer'));
});

test('opened link -> above the rest of the page, without a field for the key that the link has', () => {
  show({ ...hosting(), opened_link: opened().opened_link }, { page: 'pool' });
  expect(within(screen.getByRole('main')).getAllByRole('region')[0]).toBe(card());
  expect(screen.queryByLabelText('Invitation key')).toBeNull();
});

const member = () =>
  appState({ agent: agentView({ link: { state: 'connected', scheduler_url: 'wss://10.0.0.1:7080', pin: PIN, since: 0, latency_ms: 1 } }) });

test.each([
  ['member of the pool of the link, at another address', member(), LINK],
  ['host of the pool of the link', hosting(), runningHost().join_link ?? ''],
])('%s -> says so', (_title, state, link) => {
  show({ ...state, opened_link: { id: 1, link } }, { page: 'pool' });
  expect(card().textContent).toContain('This computer is already in the pool of this link.');
  expect(card().textContent).not.toContain('has not joined');
});

test('revoked member with a new invitation to the same pool -> not shown as a member', () => {
  const link = {
    state: 'refused',
    scheduler_url: 'wss://10.9.8.7:7080',
    pin: PIN,
    since: 0,
    code: 'REVOKED',
    message: '',
    details: null,
  } as const;
  show({ ...appState({ agent: agentView({ link }) }), opened_link: opened().opened_link }, { page: 'pool' });
  expect(card().textContent).toContain('Nothing has changed yet');
  expect(card().textContent).not.toContain('already in the pool');
});

test('refused link -> its reason on the present page until it is dismissed, no link shown', async () => {
  const { api } = show(hosting(), { page: 'computer' });
  act(() => api.emit.onEvent({ type: 'opened_link', opened_link: { id: 1, refused: 'not_a_join_link' } }));
  expect(window.location.hash).toBe('#/computer');
  expect(screen.getByText('Muster did not open the link')).toBeDefined();
  expect(screen.getByText('This is not a join link. Ask for a new invitation.')).toBeDefined();
  await userEvent.click(screen.getByRole('button', { name: 'Dismiss' }));
  expect(screen.queryByText('Muster did not open the link')).toBeNull();
  act(() => api.emit.onEvent({ type: 'opened_link', opened_link: { id: 2, refused: 'too_long' } }));
  expect(screen.getByText('This link is too long.')).toBeDefined();
  act(() => api.emit.onEvent({ type: 'opened_link', opened_link: { id: 3, refused: 'scheme_unknown' } }));
  expect(screen.getByText('Muster opens only links that start with muster://.')).toBeDefined();
});

test('desktop app: the window sends its language and theme at the start; a browser sends none', async () => {
  const { api } = show(appState(), { page: 'settings' });
  const sent = () => api.calls.filter(({ name }) => name === 'desktop.set_look').map(({ params }) => params);
  await waitFor(() => expect(sent()).toEqual([{ language: 'en', theme: 'light' }]));
  const browser = show({ ...appState(), app: appInfo({ mode: 'headless' }) }, { page: 'settings' });
  expect(browser.api.calls.filter(({ name }) => name === 'desktop.set_look')).toEqual([]);
});

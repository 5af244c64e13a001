// Try it, Models and Connect while the pool has no computer, or no connection.
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { POOL_MODELS } from '../../../fixtures/app-states/asks';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

test.each(['models', 'try'])('pool without a computer, page %s -> invite one, not "start a model server on a node"', async (page) => {
  show(SITUATIONS.empty_pool(), { page, answers: { 'pool.models': ok({ models: [] }) } });
  const card = within(await screen.findByRole('region', { name: 'No computer has joined this pool yet' }));
  expect(card.getByRole('link', { name: 'Invite a computer…' }).getAttribute('href')).toBe('#/members/new-invitation');
  expect(screen.queryByText(/No models found|No model is ready/)).toBeNull();
});

const WAIT = 'Available again after the reconnection.';
const lost = (page: string) => show(SITUATIONS.member_disconnected(), { page, answers: { 'pool.models': ok({ models: POOL_MODELS }) } });

test('connection to the pool lost, Try it -> the page is grey, nothing is sent, the text stays', async () => {
  const { api } = lost('try');
  const field = await screen.findByRole('textbox', { name: 'Message' });
  expect(screen.getByRole('main').hasAttribute('data-stale')).toBe(true);
  expect(screen.getByText(WAIT)).toBeTruthy();
  await userEvent.type(field, 'Hello{Enter}');
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Send' }).disabled).toBe(true);
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Greet me in three languages' }).disabled).toBe(true);
  expect(field).toHaveProperty('value', 'Hello');
  expect(api.asks).toEqual([]);
});

test('connection to the pool lost, Connect programs -> no test', async () => {
  lost('connect');
  expect((await screen.findByRole<HTMLButtonElement>('button', { name: 'Test it' })).disabled).toBe(true);
  expect(screen.getByText(WAIT)).toBeTruthy();
});

test.each([
  ['nodes', true],
  // The page has parts of this computer.
  ['pool', false],
  ['gpus', false],
] as const)('connection to the pool lost, page %s -> grey: %s', async (page, isGrey) => {
  lost(page);
  await screen.findByRole('heading', { level: 1 });
  expect(screen.getByRole('main').hasAttribute('data-stale')).toBe(isGrey);
});

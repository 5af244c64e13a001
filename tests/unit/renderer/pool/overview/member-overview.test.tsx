// The overview of the pool for a computer that joined it.
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ok } from '../../../../../src/shared/result';
import { POOL_MODELS } from '../../../../fixtures/app-states/asks';
import { SITUATIONS } from '../../../../fixtures/app-states/states';
import { show } from '../../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const card = (name: RegExp) => screen.getByRole('region', { name });

test('contributor: this computer among the nodes, its jobs of each hour, and the models that it can try', async () => {
  show(SITUATIONS.member_of_pool(), { page: 'pool', answers: { 'pool.models': ok({ models: POOL_MODELS }) } });
  const [available] = within(card(/Nodes by availability/)).getAllByRole('listitem');
  expect(textOf(available as HTMLElement)).toContain('this computer');
  expect(await screen.findByRole('figure', { name: 'Jobs per hour today' })).toBeDefined();
  const models = within(card(/^Ready models/));
  const [first] = await models.findAllByRole('listitem');
  expect(textOf(first as HTMLElement)).toBe('gpt-oss:120bChat · ready on 4 nodesTry it');
  await userEvent.click(models.getByRole('link', { name: 'Try it: gpt-oss:120b' }));
  await waitFor(() => expect(window.location.hash).toBe('#/try'));
  const picker = await screen.findByRole<HTMLInputElement>('combobox', { name: 'Model' });
  expect(picker.value).toMatch(/^gpt-oss:120b /);
});

test('member without the right to view: nodes of the state, and why the rest is missing; nothing is asked that would be refused', async () => {
  const { api } = show(SITUATIONS.member_pool(), { page: 'pool' });
  expect(textOf(screen.getByText('Nodes available').parentElement as HTMLElement)).toBe('Nodes available29 of 486 full, 7 busy');
  expect(textOf(screen.getByText('GPUs for the pool').parentElement as HTMLElement)).toBe('GPUs for the pool56 of 80');
  expect(textOf(card(/Visible to members/))).toContain('ask the owner of the pool for the role “Viewer”');
  expect(textOf(screen.getByRole('main'))).toContain('Atelier · 48 nodes');
  // The load of other nodes is not shown to members.
  expect(textOf(within(card(/Nodes by availability/)).getAllByRole('listitem')[2] as HTMLElement)).toBe('Busy7');
  expect(screen.queryByRole('radiogroup', { name: 'Time range' })).toBeNull();
  expect(screen.queryByRole('link', { name: 'Invite a computer…' })).toBeNull();
  await waitFor(() => expect(api.calls.length).toBeGreaterThan(0));
  expect(api.calls.map(({ name }) => name).filter((name) => /totals|history|failures|missing|invites/.test(name))).toEqual([]);
});

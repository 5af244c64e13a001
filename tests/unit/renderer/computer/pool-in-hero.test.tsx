// The hero of this computer names the pool: the joined one with its address, and the pools nearby of a computer that is in none.
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { agentView, reconnecting } from '../../../fixtures/app-states/agents';
import { rememberedPools } from '../../../fixtures/app-states/pools';
import { appState, hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { nearbyView } from '../../../fixtures/app-states/trust';
import { show } from '../support/render-screen';

const hero = () => screen.getByRole('region', { name: 'Status of this computer' });
const buttonsOf = () => [...hero().querySelectorAll('a.mantine-Button-root, button.mantine-Button-root')];

test('joined pool -> its name and its address', () => {
  show(SITUATIONS.contributor_available(), { page: 'computer' });
  expect(within(hero()).getByText('Atelier (192.168.1.20:7080)')).toBeTruthy();
});

test('in Chinese: brackets of full width', async () => {
  show(SITUATIONS.contributor_available(), { page: 'computer', language: 'zh-CN' });
  expect(await screen.findByText('Atelier（192.168.1.20:7080）')).toBeTruthy();
});

test('connection lost, the pool is not seen -> the remembered name', async () => {
  const state = appState({ agent: agentView({ link: reconnecting }) });
  show(state, { page: 'computer', answers: { 'pools.list': ok({ pools: rememberedPools() }) } });
  expect(await within(hero()).findByText('Atelier (192.168.1.20:7080)')).toBeTruthy();
});

test('own pool -> the address of this computer alone', () => {
  show(hosting(), { page: 'computer' });
  expect(within(hero()).getByText('127.0.0.1:7080')).toBeTruthy();
});

test.each([
  [
    'pools nearby -> their names, to join is first',
    SITUATIONS.nearby(),
    'Pools nearby: Atelier, Lab 3. Join one, or start your own.',
    'Join a pool',
  ],
  [
    'none nearby -> to start one is first',
    { ...SITUATIONS.nearby(), nearby: nearbyView({ pools: [] }) },
    'Join a pool with a join link, or start your own. Jobs and results stay within the pool.',
    'Start and share',
  ],
])('in no pool, %s', (_case, state, text, first) => {
  show(state, { page: 'computer' });
  expect(within(hero()).getByText(text)).toBeTruthy();
  const [primary, ...others] = buttonsOf();
  expect([primary?.textContent, primary?.getAttribute('data-variant')]).toEqual([first, 'filled']);
  expect(others.map((button) => button.getAttribute('data-variant'))).toEqual(['default', 'default']);
});

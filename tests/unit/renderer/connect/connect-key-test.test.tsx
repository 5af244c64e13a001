// The test of Connect programs sends what the programs send: the key that the examples have.
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { agentView } from '../../../fixtures/app-states/agents';
import { NOW } from '../../../fixtures/app-states/moment';
import { joinedPool } from '../../../fixtures/app-states/pools';
import { appState, hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const models = ok({
  models: [{ model_id: 'gpt-oss:120b', kind: 'llm', tasks: ['/v1/chat/completions'], nodes_ready: 4, nodes_loaded: 3 }],
});
const answers = { 'pool.models': models, 'keys.create': ok({ id: 'key-1', name: 'x', key: 'mk_a-secret-key' }) };
const testButton = (): Promise<HTMLButtonElement> => screen.findByRole<HTMLButtonElement>('button', { name: 'Test it' });
const typeKey = async (key: string): Promise<void> => {
  await userEvent.type(await screen.findByLabelText('Paste a key'), key);
  await userEvent.click(screen.getByRole('button', { name: 'Use' }));
};

test('no key yet -> no test; created -> the test sends that key', async () => {
  const { api } = show(hosting(), { page: 'connect', answers });
  expect((await testButton()).disabled).toBe(true);
  expect(screen.getByText('The test needs the key of step 1.')).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Create key and copy' }));
  await screen.findByText('Sends one request to gpt-oss:120b with this key.');
  await userEvent.click(await testButton());
  expect(api.asks.map(({ params }) => params)).toMatchObject([{ model: 'gpt-oss:120b', key: 'mk_a-secret-key' }]);
});

test('key that the user has -> in the examples and in the test; refused -> another one', async () => {
  const { api } = show(hosting(), { page: 'connect', answers });
  await typeKey('mk_typed');
  await userEvent.click(await testButton());
  expect(api.asks[0]?.params).toMatchObject({ key: 'mk_typed' });
  await api.asks[0]?.listener.onEvents([
    { type: 'failed', error: { code: 'invalid_api_key', message: 'the key is not valid', details: null } },
  ]);
  expect((await screen.findByRole('alert')).textContent).toContain('Create a new key in step 1, or correct this one.');
  await userEvent.click(screen.getByRole('button', { name: 'Use another key' }));
  expect((await testButton()).disabled).toBe(true);
  expect(screen.queryByRole('alert')).toBeNull();
});

test('text that is no key -> not used', async () => {
  show(hosting(), { page: 'connect', answers });
  await userEvent.type(await screen.findByLabelText('Paste a key'), 'two words');
  expect(screen.getByText('A key has no spaces and at most 256 characters.')).toBeTruthy();
  expect(screen.getByRole<HTMLButtonElement>('button', { name: 'Use' }).disabled).toBe(true);
});

test('role that may not create keys -> the test has the own rights until a key is typed', async () => {
  const link = { state: 'connected', scheduler_url: 'wss://192.168.1.20:7080', pin: 'sha256-x', since: NOW, latency_ms: 1 } as const;
  const state = appState({ host: null, pool: joinedPool({ rights: ['submit_jobs'] }), agent: agentView({ link }) });
  const { api } = show(state, { page: 'connect', answers });
  await userEvent.click(await testButton());
  expect(api.asks[0]?.params).not.toHaveProperty('key');
  await typeKey('mk_of-the-owner');
  await userEvent.click(await testButton());
  expect(api.asks[1]?.params).toMatchObject({ key: 'mk_of-the-owner' });
});

// A list in Settings offers the models and GPUs that the program knows.
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { knownItems } from '../../../../src/renderer/pages/settings/known-items';
import { agentView, modelView } from '../../../fixtures/app-states/agents';
import { hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const MODELS = Array.from({ length: 9 }, (_, index) => `model-${String(index + 1)}`);
const agent = agentView({ models: MODELS.map((id) => modelView({ model_id: id })) });

const openList = async () => {
  const { api } = show({ ...hosting(), agent }, { page: 'settings/models' });
  const field = await screen.findByRole('textbox', { name: 'Add to Models that are not shared' });
  const row = field.closest<HTMLElement>('[class*="row"]') as HTMLElement;
  const offered = () =>
    within(row)
      .queryAllByRole('button', { name: /^Add model/ })
      .map(({ textContent }) => textContent.replace(/^\+/, ''));
  return { api, field, row, offered };
};

test('models of this computer are offered; typing finds those that match; a click adds one', async () => {
  const { api, field, row, offered } = await openList();
  expect(offered()).toEqual(MODELS.slice(0, 6));
  await userEvent.type(field, 'EL-8');
  expect(offered()).toEqual(['model-8']);
  await userEvent.click(within(row).getByRole('button', { name: 'Add model-8' }));
  expect(api.userCalls).toEqual([{ name: 'settings.set', params: { key: 'agent.unshared_models', value: ['model-8'], with: [] } }]);
  expect((field as HTMLInputElement).value).toBe('');
});

test.each([
  ['agent.unshared_models', ['a', 'b']],
  ['agent.gpus', ['RTX 4090']],
  ['scheduler.required_models', ['p']],
  ['agent.model_folders', []],
] as const)('known items of %s, each once', (key, items) => {
  const gpu = { ...agentView().hardware?.gpus[0], name: 'RTX 4090' };
  const known = {
    models: ['a', 'b', 'a'].map((id) => modelView({ model_id: id })),
    hardware: { ...agentView().hardware, gpus: [gpu, gpu] } as never,
  };
  expect(knownItems(key, { agent: agentView(known), poolModels: ['p', 'p'] })).toEqual(items);
  expect(knownItems(key, { agent: null, poolModels: [] })).toEqual([]);
});

// A pool without nodes: the first steps.
import { cleanup, screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ok } from '../../../../../src/shared/result';
import { missingModels } from '../../../../fixtures/app-states/pool-figures';
import { SITUATIONS } from '../../../../fixtures/app-states/states';
import { show, type ShowOptions } from '../../support/render-screen';

const card = (name: RegExp) => screen.getByRole('region', { name });

test('pool without nodes -> the first steps in place of zeros', async () => {
  show(SITUATIONS.empty_pool(), { page: 'pool' });
  const steps = within(card(/^First steps/));
  expect(steps.getAllByRole('listitem')).toHaveLength(3);
  expect((await steps.findByRole('link', { name: 'Invite a computer…' })).getAttribute('href')).toBe('#/members/new-invitation');
  expect(screen.queryByText('Nodes available')).toBeNull();
  expect(screen.queryByRole('heading', { name: 'Last hour' })).toBeNull();
});

test('empty pool -> the first steps, not "nothing to do"; the invitation is offered once', async () => {
  show(SITUATIONS.empty_pool(), { page: 'pool' });
  expect(await screen.findByRole('region', { name: 'First steps' })).toBeTruthy();
  await waitFor(() => expect(screen.queryByRole('region', { name: /Recent failures/ })).toBeNull());
  expect(screen.queryByRole('region', { name: /To do/ })).toBeNull();
  expect(screen.getAllByRole('link', { name: /^Invite/ }).map(({ textContent }) => textContent)).toEqual(['Invite a computer…']);
});

const stepOf = async (title: RegExp): Promise<string> => (await within(card(/^First steps/)).findByText(title)).textContent;

test('first steps: the model that the pool requires', async () => {
  show(SITUATIONS.empty_pool(), { page: 'pool', answers: { 'pool.missing_models': ok(missingModels()) } });
  expect(await stepOf(/^Install/)).toBe('Install the model that this pool requires: nllb-200-en-zh');
});

test('first steps: no model is required -> those that were asked for most often; none was -> any', async () => {
  const state = SITUATIONS.empty_pool();
  const open = (answers: ShowOptions['answers'] = {}) =>
    show({ ...state, pool: state.pool && { ...state.pool, required_models: [] } }, { page: 'pool', answers });
  const { models, ...rest } = missingModels();
  const [one] = models;
  if (one === undefined) throw new Error('no model');
  const asked = ['a', 'b', 'c', 'd'].map((id, requests) => ({ ...one, model_id: id, requests: requests + 1 }));
  open({ 'pool.missing_models': ok({ ...rest, models: asked }) });
  expect(await stepOf(/asked for/)).toBe('Install a model that was asked for: d, c, b, 1 more');
  cleanup();
  open({ 'pool.missing_models': ok({ ...rest, models: [] }) });
  expect(await stepOf(/^Install/)).toBe('Install a model there');
});

// Step 2 says what does not work, and what helps.
import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { fail, ok } from '../../../../src/shared/result';
import { POOL_MODELS } from '../../../fixtures/app-states/asks';
import { hostView } from '../../../fixtures/app-states/host';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

test('joined, but degraded by a damaged model -> no claim that jobs run here', async () => {
  const state = SITUATIONS.degraded();
  show({ ...state, host: hostView({ state: 'stopped' }) }, { page: 'setup' });
  const card = await screen.findByRole('region', { name: 'Current pool' });
  expect(card.textContent).toMatch(/, joined\. No jobs yet: \S+ is damagedShow the reason$/);
  expect(await screen.findByText(/^\d models, 1 damaged$/)).toBeTruthy();
});

test('own pool that cannot start -> why and what helps; step 3 waits for step 2, without a link', async () => {
  show(SITUATIONS.host_failed(), {
    page: 'setup',
    answers: { 'pool.models': fail({ code: 'NOT_CONNECTED', message: '', details: null }) },
  });
  const card = await screen.findByRole('region', { name: 'Your pool cannot start' });
  expect(card.textContent).toMatch(/Port \d+ is used/);
  expect(within(card).getByRole('link', { name: 'Change the port…' }).getAttribute('href')).toBe('#/settings?search=server.port');
  expect(within(card).getByRole('button', { name: 'Start again' })).toBeTruthy();
  const step = within(screen.getByRole('region', { name: 'Try it' }));
  expect(await step.findByText(/Share your pool or join one in step 2/)).toBeTruthy();
  expect(step.queryByRole('link')).toBeNull();
});

test.each(['starting', 'restarting'] as const)('own pool that is %s -> both steps say so, and step 2 keeps its choices', async (state) => {
  const app = SITUATIONS.first_run_ollama();
  if (app.host === null) throw new Error('the situation has no pool');
  show(
    { ...app, host: { ...app.host, state, error_code: null } },
    {
      page: 'setup',
      answers: { 'pool.models': fail({ code: 'NOT_CONNECTED', message: '', details: null }) },
    },
  );
  const card = within(await screen.findByRole('region', { name: 'Pool of this computer' }));
  expect(card.getByText('Your pool is starting.')).toBeTruthy();
  expect(card.getByText('Share on the local network')).toBeTruthy();
  expect(await within(screen.getByRole('region', { name: 'Try it' })).findByText('Your pool is starting.')).toBeTruthy();
});

test('member without a usable GPU: joined, shares nothing, and asks a model of the pool', async () => {
  show(SITUATIONS.no_gpu(), { page: 'setup', answers: { 'pool.models': ok({ models: POOL_MODELS }) } });
  expect(await screen.findByText('Atelier, joined. This computer shares nothing: no usable GPU')).toBeTruthy();
  expect(await screen.findByRole('button', { name: 'Send' })).toBeTruthy();
  expect(screen.queryByText(/does not accept/)).toBeNull();
  expect(screen.getByText('This computer cannot lend a GPU. It can use the GPUs of its pool.')).toBeTruthy();
  expect(screen.getByRole('heading', { level: 2, name: /^Found on this computer.*Done$/ })).toBeTruthy();
});

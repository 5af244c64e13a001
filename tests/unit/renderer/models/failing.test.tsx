// A model of this computer that failed repeatedly: the row and its details say why, and where its failed jobs are.
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { failingHere } from '../../../../src/shared/api/own-status';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

test('failing model -> last error in the row and in the details, which link to the failed jobs', async () => {
  const state = SITUATIONS.failing_model();
  const [failing] = state.agent === null ? [] : failingHere(state.agent);
  show(state, { page: 'models' });
  const row = (await screen.findByText(failing?.model_id ?? '?', { selector: 'b' })).closest('tr') as HTMLElement;
  expect(row.textContent).toContain('Failing');
  expect(row.textContent).toContain(`Last error: ${failing?.last_error?.message ?? '?'}`);
  await userEvent.click(within(row).getByText(failing?.model_id ?? '?', { selector: 'b' }));
  const details = await screen.findByRole('dialog');
  expect(details.textContent).toContain(`Last error: ${failing?.last_error?.message ?? '?'}`);
  expect(within(details).getByRole('link', { name: 'Show failed jobs' }).getAttribute('href')).toBe('#/jobs?status=failed');
});

import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

test('page throws -> error shown, other pages work', async () => {
  const silenced = vi.spyOn(console, 'error').mockImplementation(() => undefined);
  const { api } = show(hosting());
  api.answer('pool.exclusions', ok({ reasons: 'nonsense that no transport lets through', since: 'never' }));
  act(() => void (window.location.hash = '#/jobs/explain'));
  expect((await screen.findByRole('alert')).textContent).toBe('This page could not be shown. Other pages still work.');
  expect(screen.getByRole('button', { name: 'Reload' })).toBeTruthy();
  await userEvent.click(screen.getByRole('link', { name: /^Nodes/ }));
  await screen.findByRole('table');
  silenced.mockRestore();
});

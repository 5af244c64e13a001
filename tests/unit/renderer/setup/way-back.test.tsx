// A link of the first run leads to another page: the rail leads back.
import { act, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const wayBack = () => screen.queryByRole('link', { name: 'Set up this computer' });

test('setup opened, then another page -> the rail leads back; setup ended -> no link', async () => {
  show(SITUATIONS.first_run());
  await screen.findByRole('heading', { level: 1, name: 'Set up ming-desktop' });
  act(() => {
    window.location.hash = '#/gpus';
  });
  await screen.findByRole('heading', { level: 1, name: 'GPUs' });
  await userEvent.click(screen.getByRole('link', { name: 'Set up this computer' }));
  await screen.findByRole('heading', { level: 1, name: 'Set up ming-desktop' });
  await userEvent.click(screen.getByRole('button', { name: 'Skip setup' }));
  expect(wayBack()).toBeNull();
});

test('setup never opened -> no link', () => {
  show(SITUATIONS.first_run(), { page: 'gpus' });
  expect(wayBack()).toBeNull();
});

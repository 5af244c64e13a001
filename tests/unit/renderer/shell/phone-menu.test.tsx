import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';
import { hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

test('phone: More -> the rail has the focus; Escape or a link, also to the same page, closes it and the focus is on More', async () => {
  const wide = window.matchMedia;
  vi.spyOn(window, 'matchMedia').mockImplementation((query) => Object.assign(wide(query), { matches: query === '(max-width: 599px)' }));
  show(hosting(), { page: 'nodes' });
  const more = screen.getByRole('button', { name: 'More' });
  const rail = (): HTMLElement | null => screen.queryByRole('navigation', { name: 'Main navigation' });
  await userEvent.click(more);
  expect(rail()?.contains(document.activeElement)).toBe(true);
  await userEvent.keyboard('{Escape}');
  expect([rail(), document.activeElement]).toEqual([null, more]);
  await userEvent.click(more);
  await userEvent.click(within(rail() ?? document.body).getByRole('link', { name: /^Nodes/ }));
  expect([rail(), document.activeElement]).toEqual([null, more]);
});

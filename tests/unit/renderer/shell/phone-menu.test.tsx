import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { hosting } from '../../../fixtures/app-states/states';
import { asPhone } from '../support/phone';
import { show } from '../support/render-screen';

function showPhone(): void {
  asPhone();
  show(hosting(), { page: 'nodes' });
}

test('phone: state and sharing switch on the page, and in the menu while it is open', async () => {
  showPhone();
  const own = screen.getByRole('region', { name: 'This computer' });
  expect(own.textContent).toContain('Available');
  expect(within(own).getByText('Atelier')).toBeTruthy();
  expect(within(own).getByRole('switch', { name: 'Share this computer' })).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'More' }));
  expect(screen.getAllByRole('switch', { name: 'Share this computer' })).toHaveLength(1);
});

test('phone: More -> the rail has the focus; Escape or a link, also to the same page, closes it and the focus is on More', async () => {
  showPhone();
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

// A drawer beside the list: focus, Escape, and the row that is marked.
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const drawer = (name: string): Promise<HTMLElement> => screen.findByRole('dialog', { name });
const link = (name: string): HTMLElement => screen.getByRole('link', { name: `Details of ${name}` });

describe('drawer', () => {
  test('opens -> takes the focus, list usable, row marked; Escape -> closed, focus at the link again', async () => {
    show(hosting(), { page: 'nodes' });
    await userEvent.click(link('alice-laptop'));
    expect(document.activeElement).toBe(await drawer('alice-laptop'));
    expect(screen.getByRole('dialog').getAttribute('aria-modal')).toBeNull();
    expect(link('alice-laptop').closest('tr')?.getAttribute('aria-current')).toBe('true');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    await waitFor(() => expect(document.activeElement).toBe(link('alice-laptop')));
    expect(window.location.hash).toBe('#/nodes');
  });

  test('another row -> the drawer shows it, takes the focus, and gives it back to that row', async () => {
    show(hosting(), { page: 'nodes' });
    await userEvent.click(link('alice-laptop'));
    await drawer('alice-laptop');
    await userEvent.click(link('bob-tower'));
    const shown = await drawer('bob-tower');
    expect(screen.getAllByRole('dialog')).toHaveLength(1);
    expect(document.activeElement).toBe(shown);
    await userEvent.click(within(shown).getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(document.activeElement).toBe(link('bob-tower')));
  });

  test('Escape in the list -> closed; in a dialog above the drawer -> only the dialog', async () => {
    show(hosting(), { page: 'nodes/node-0A11CE42' });
    await drawer('alice-laptop');
    await userEvent.click(screen.getByRole('button', { name: 'Drain…' }));
    await drawer('Drain alice-laptop?');
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'Drain alice-laptop?' })).toBeNull());
    expect(screen.getByRole('dialog', { name: 'alice-laptop' })).toBeTruthy();
    act(() => link('bob-tower').focus());
    await userEvent.keyboard('{Escape}');
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(document.activeElement).toBe(link('bob-tower'));
  });

  test('another page -> closed', async () => {
    show(hosting(), { page: 'nodes/node-0A11CE42' });
    await drawer('alice-laptop');
    await userEvent.click(screen.getByTitle('Jobs'));
    await waitFor(() => expect(screen.queryByRole('dialog', { name: 'alice-laptop' })).toBeNull());
  });
});

import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { ok } from '../../../../../src/shared/result';
import { JOBS, jobsPage } from '../../../../fixtures/app-states/jobs';
import { appState, hosting, SITUATIONS } from '../../../../fixtures/app-states/states';
import { show } from '../../support/render-screen';

const field = () => screen.findByRole('combobox', { name: 'Search and commands' });
const open = async () => {
  await userEvent.keyboard('{Control>}k{/Control}');
  return field();
};
const options = (): (string | null)[] =>
  within(screen.getByRole('listbox', { name: 'Results' }))
    .queryAllByRole('option')
    .map(({ textContent }) => textContent);
const chosen = (): string | null => screen.getByRole('option', { selected: true }).textContent;
const isClosed = () => waitFor(() => expect(screen.queryByRole('combobox', { name: 'Search and commands' })).toBeNull());

describe('palette', () => {
  test('Ctrl+K -> the field has the focus, pages are listed; arrows choose; Enter opens; Esc closes', async () => {
    show(hosting(), { page: 'gpus' });
    const input = await open();
    await waitFor(() => expect(document.activeElement).toBe(input));
    expect(options().slice(0, 3)).toEqual(['This computer', 'GPUs', 'Pool']);
    await userEvent.keyboard('{ArrowDown}{ArrowDown}{ArrowDown}{ArrowUp}');
    expect([chosen(), input.getAttribute('aria-activedescendant')]).toEqual(['Pool', screen.getByRole('option', { selected: true }).id]);
    await userEvent.keyboard('{Enter}');
    await isClosed();
    expect(window.location.hash).toBe('#/pool');
    await open();
    await userEvent.keyboard('{Escape}');
    await isClosed();
    expect(window.location.hash).toBe('#/pool');
  });

  test('search -> a node with its state; opened ones are first at the next visit', async () => {
    show(hosting(), { page: 'gpus' });
    await open();
    await userEvent.keyboard('alice');
    expect(chosen()).toMatch(/^alice-laptop/);
    await userEvent.keyboard('{Enter}');
    await isClosed();
    expect(window.location.hash).toMatch(/^#\/nodes\/node-/);
    act(() => window.location.replace('#/gpus'));
    await open();
    const recent = screen.getByRole('group', { name: 'Recent' });
    expect(
      within(recent)
        .getAllByRole('option')
        .map(({ textContent }) => textContent?.slice(0, 12)),
    ).toEqual(['alice-laptop']);
  });

  test('a job by its id; a model by its name', async () => {
    show(hosting(), { page: 'gpus', answers: { 'pool.jobs': ok(jobsPage()), 'pool.job': ok(JOBS.running) } });
    await userEvent.type(await open(), JOBS.running.job_id);
    await userEvent.keyboard('{Enter}');
    await isClosed();
    expect(window.location.hash).toBe(`#/jobs/${JOBS.running.job_id}`);
    await userEvent.type(await open(), 'qwen');
    expect(chosen()).toMatch(/^qwen2\.5/);
    await userEvent.keyboard('{Enter}');
    await isClosed();
    expect(window.location.hash).toMatch(/^#\/models\?search=qwen2\.5/);
  });

  test('no pool -> no job; nothing found -> says so', async () => {
    show(SITUATIONS.first_run(), { page: 'gpus' });
    const input = await open();
    await userEvent.type(input, 'job-c0ffee42-done');
    expect(options()).toEqual([]);
    expect(screen.getByText('Nothing matches the search.')).toBeTruthy();
  });

  test('the search of the rail opens the palette; a click runs a command', async () => {
    show(appState(), { page: 'gpus' });
    await userEvent.click(screen.getByRole('button', { name: /^Search/ }));
    await field();
    await userEvent.click(screen.getByRole('option', { name: 'Models' }));
    await isClosed();
    expect(window.location.hash).toBe('#/models');
  });
});

describe('shortcuts', () => {
  test('? -> the list of shortcuts on this page', async () => {
    show(hosting(), { page: 'gpus' });
    await userEvent.keyboard('?');
    const dialog = await screen.findByRole('dialog', { name: 'Shortcuts' });
    expect(
      within(dialog)
        .getAllByRole('definition')
        .map(({ textContent }) => textContent)
        .sort(),
    ).toEqual(['Search pages, nodes, models and actions', 'Show the shortcuts']);
  });

  test('? in a field -> text', async () => {
    show(hosting(), { page: 'jobs', answers: { 'pool.jobs': ok(jobsPage()) } });
    await userEvent.type(await screen.findByRole('searchbox', { name: 'Model or job ID' }), '?');
    expect(screen.queryByRole('dialog', { name: 'Shortcuts' })).toBeNull();
  });

  test('Ctrl+K while a dialog is open -> the dialog stays alone', async () => {
    show(hosting(), { page: 'gpus' });
    await userEvent.keyboard('?');
    await screen.findByRole('dialog', { name: 'Shortcuts' });
    await userEvent.keyboard('{Control>}k{/Control}');
    expect(screen.queryByRole('combobox', { name: 'Search and commands' })).toBeNull();
  });
});

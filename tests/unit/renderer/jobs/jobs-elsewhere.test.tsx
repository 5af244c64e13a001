import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { ok } from '../../../../src/shared/result';
import { agentView, connected, reconnecting } from '../../../fixtures/app-states/agents';
import { jobsPage } from '../../../fixtures/app-states/jobs';
import { appState, hosting } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');

test('no jobs yet -> link to Connect programs', async () => {
  const page = jobsPage({ jobs: [], next_cursor: null, open: { queued: 0, assigned: 0, running: 0 } });
  show(hosting({ host: null }), { page: 'jobs', answers: { 'pool.jobs': ok(page) } });
  expect(await screen.findByText(/No jobs yet. Send a job to see it here./)).toBeTruthy();
  expect(screen.getByRole('link', { name: 'How to send a job' }).getAttribute('href')).toBe('#/connect');
});

describe('Jobs page without a pool', () => {
  test('member -> address of the dashboard, jobs on this computer', () => {
    const { api } = show(appState(), { page: 'jobs' });
    const main = textOf(screen.getByRole('main'));
    expect(main).toContain('This computer belongs to the pool at 192.168.1.20:7080.');
    expect(main).toContain('Job slots in use here: 1 of 4.');
    expect(main).toContain('https://192.168.1.20:7080/#/jobs');
    expect(api.calls.map(({ name }) => name)).not.toContain('pool.jobs');
  });

  test('member without a status -> no current figures', () => {
    show(appState({ agent: agentView({ link: connected, node_status: null }) }), { page: 'jobs' });
    expect(textOf(screen.getByRole('main'))).toContain('The scheduler has sent no status of this computer.');
  });

  test('no pool -> link to the Pool page', () => {
    show(appState({ agent: agentView({ link: { state: 'idle' }, node_status: null }) }), { page: 'jobs' });
    expect(screen.getByRole('link', { name: 'Join a pool' }).getAttribute('href')).toBe('#/pool');
  });

  test('reconnecting -> the next attempt need not be waited for', async () => {
    const { api } = show(appState({ agent: agentView({ link: reconnecting }) }), { page: 'jobs' });
    await userEvent.click(screen.getByRole('button', { name: 'Try now' }));
    expect(api.calls.map(({ name }) => name)).toContain('agent.recheck');
  });
});

import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test, vi } from 'vitest';
import { LOG_EVENTS } from '../../../../src/shared/api/log-events';
import { fail, ok } from '../../../../src/shared/result';
import { LOG_LINES, LOG_PAGE } from '../../../fixtures/app-states/logs';
import { hosting } from '../../../fixtures/app-states/states';
import { logLine } from '../../../support/log-fakes';
import { fakeLayout } from '../support/layout';
import { show } from '../support/render-screen';

const textOf = (element: Element | null): string => (element?.textContent ?? '').replaceAll('\u00a0', ' ');
const rows = (): string[] => screen.getAllByRole('row').slice(1).map(textOf);
const readParams = (shown: ReturnType<typeof show>): unknown[] =>
  shown.api.calls.filter(({ name }) => name === 'logs.read').map(({ params }) => params);

async function open(options: Parameters<typeof show>[1] = {}) {
  const shown = show(hosting(), { page: 'logs', ...options });
  await screen.findByRole('heading', { name: 'Logs', level: 1 });
  return shown;
}

describe('logs', () => {
  test('lines -> time, level, sentence with names, source; the newest first', async () => {
    await open();
    await screen.findByText('Job received for llama3.1:8b');
    const shown = rows();
    expect(shown).toHaveLength(LOG_LINES.length);
    expect(shown[0]).toContain('Node bob-tower registered');
    expect(shown.some((row) => row.includes('Scheduler, last minute: 0.3 heartbeats/s, 143 MB of memory'))).toBe(true);
    expect(shown.some((row) => row.includes('Key changed: open-webui'))).toBe(true);
    expect(shown.some((row) => row.includes('llama3.1:8b finished on ming-desktop, 1.3 s'))).toBe(true);
    const some = shown.filter((row) => /Wrong key|Model piper|full-screen|alice-laptop is/i.test(row));
    expect(some.map((row) => row.slice(8))).toEqual([
      'WarningWrong key from 192.168.1.77, 3 timesScheduler',
      'ErrorModel piper-zh: damaged, wrong checksumThis computer',
      'WarningNode alice-laptop is degradedScheduler',
      'InfoSharing paused: full-screen programThis computer',
    ]);
    expect(screen.getByText('Live')).toBeTruthy();
    expect(textOf(screen.getByText(/23 lines/))).toContain('The log has no older lines.');
  });

  test('level, search and event -> the program filters, the URL has them', async () => {
    const user = userEvent.setup();
    const shown = await open();
    await screen.findByText('Job received for llama3.1:8b');
    await user.click(screen.getByRole('radio', { name: 'Warnings' }));
    await user.type(screen.getByRole('searchbox', { name: 'Search the log' }), 'disk');
    await waitFor(() => {
      expect(readParams(shown)).toContainEqual({ level: 'warn', limit: 500, text: 'disk' });
    });
    expect(window.location.hash).toBe('#/logs?search=disk&filter=level%3Awarn');
    await user.click(await screen.findByRole('button', { name: 'Add a filter' }));
    await user.click(await screen.findByRole('button', { name: /^auth_failed/ }));
    await waitFor(() => {
      expect(readParams(shown)).toContainEqual({ level: 'warn', limit: 500, text: 'disk', event: 'auth_failed' });
    });
  });

  test('span of the histogram -> the list has its lines alone, and the URL the span; all times again; nothing else is requested', async () => {
    const user = userEvent.setup();
    const shown = await open();
    const spans = within(await screen.findByRole('listbox', { name: /^Lines \(1\smin per bar\): 23 lines, 4 warnings, 1 error$/ }));
    const requests = readParams(shown).length;
    await user.click(spans.getByRole('option', { name: /: 2 lines, 1 error$/ }));
    expect(rows().map((row) => row.slice(8))).toEqual([
      'InfoJob received for whisper-large-v3Scheduler',
      'ErrorModel piper-zh: damaged, wrong checksumThis computer',
    ]);
    expect(window.location.hash).toMatch(/^#\/logs\?filter=time%3A\d+-\d+$/);
    expect(spans.getAllByRole('option', { selected: true })).toHaveLength(1);
    expect(screen.getByText(/^2 lines/)).toBeTruthy();
    expect(screen.queryByRole('button', { name: /^Remove the filter/ })).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Show all times' }));
    expect(rows()).toHaveLength(LOG_LINES.length);
    expect(window.location.hash).toBe('#/logs');
    expect(
      new Set(
        readParams(shown)
          .slice(requests)
          .map((params) => JSON.stringify(params)),
      ).size,
    ).toBeLessThanOrEqual(1);
  });

  test('histogram by keyboard: one stop of Tab, arrow keys move between spans with lines, Enter chooses, again shows all', async () => {
    const user = userEvent.setup();
    await open();
    const spans = within(await screen.findByRole('listbox', { name: /^Lines \(/ })).getAllByRole('option');
    expect(spans.filter(({ tabIndex }) => tabIndex === 0)).toEqual([spans.at(-1)]);
    spans.at(-1)?.focus();
    await user.keyboard('{ArrowLeft}{ArrowLeft}{ArrowRight}');
    expect(document.activeElement).toBe(spans.at(-2));
    await user.keyboard('{Home}{ArrowLeft}');
    expect(document.activeElement).toBe(spans[0]);
    await user.keyboard('{Enter}');
    expect(rows().map((row) => row.slice(8))).toContain('InfoSharing paused: full-screen programThis computer');
    expect(rows().length).toBeLessThan(LOG_LINES.length);
    await user.keyboard(' ');
    expect(rows()).toHaveLength(LOG_LINES.length);
  });

  test('menu of filters: also events that no loaded line has; found by their name', async () => {
    const user = userEvent.setup();
    await open();
    await screen.findByText('Job received for llama3.1:8b');
    await user.click(screen.getByRole('button', { name: 'Add a filter' }));
    const events = within(await screen.findByRole('group', { name: 'Event' }));
    expect(events.getAllByRole('button').length).toBeGreaterThanOrEqual(LOG_EVENTS.length);
    await user.type(screen.getByRole('searchbox', { name: 'Search filters' }), 'heartbeat loss');
    expect(
      within(screen.getByRole('group', { name: 'Event' }))
        .getAllByRole('button')
        .map(textOf),
    ).toEqual(['mass_heartbeat_loss ']);
    await user.click(screen.getByRole('button', { name: /^mass_heartbeat_loss/ }));
    expect(window.location.hash).toBe('#/logs?filter=event%3Amass_heartbeat_loss');
  });

  test('paused -> new lines are counted and not shown; the newest -> shown', async () => {
    const user = userEvent.setup();
    const shown = await open();
    await screen.findByText('Job received for llama3.1:8b');
    await user.click(screen.getByRole('button', { name: 'Pause' }));
    expect(screen.getByText('Paused')).toBeTruthy();
    const fresh = [logLine({ id: 'app:2:1', event: 'stopped' }), logLine({ id: 'app:2:0', event: 'machine_slept' })];
    shown.api.answer('logs.read', ok({ ...LOG_PAGE, lines: fresh }));
    await screen.findByText(/^Paused\. \d+ new lines$/, undefined, { timeout: 4000 });
    shown.api.answer('logs.read', ok({ ...LOG_PAGE, lines: [] }));
    expect(screen.queryByText('This computer slept')).toBeNull();
    await user.click(screen.getByRole('button', { name: 'Show the newest' }));
    expect(screen.getAllByText('This computer slept').length).toBeGreaterThan(0);
    expect(screen.getByText('Live')).toBeTruthy();
  });

  test('a line -> drawer with all fields; only this node -> filter', async () => {
    const user = userEvent.setup();
    await open();
    const row = (await screen.findByText('whisper-large-v3 assigned to ming-desktop')).closest('tr');
    await user.click(within(row as HTMLElement).getByRole('link'));
    const drawer = await screen.findByRole('dialog', { name: 'whisper-large-v3 assigned to ming-desktop' });
    expect(textOf(drawer)).toContain('"required_models": [');
    expect(textOf(drawer)).toContain('Eventjob_assigned');
    const links = ['job-9d27e0aa-running', 'ming-desktop', 'whisper-large-v3'].map((name) =>
      within(drawer).getByRole('link', { name }).getAttribute('href'),
    );
    expect(links).toEqual(['#/jobs/job-9d27e0aa-running', '#/nodes/node-5C0FFEE1', '#/models?search=whisper-large-v3']);
    await user.click(within(drawer).getByRole('button', { name: 'Show only this node' }));
    expect(window.location.hash).toBe('#/logs?filter=node%3Anode-5C0FFEE1');
  });

  test('open line -> paused, and the button continues: the line is closed', async () => {
    const user = userEvent.setup();
    await open();
    const row = (await screen.findByText('whisper-large-v3 assigned to ming-desktop')).closest('tr');
    await user.click(within(row as HTMLElement).getByRole('link'));
    expect(screen.getByTitle('Paused while a line is open')).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Continue' }));
    expect(screen.getByText('Live')).toBeTruthy();
    expect(window.location.hash).toBe('#/logs');
  });

  test('no match -> how far was searched, why debug lines may be missing, filters can be removed', async () => {
    const user = userEvent.setup();
    await open({ page: 'logs?search=zzz', answers: { 'logs.read': ok({ ...LOG_PAGE, lines: [] }) } });
    expect(await screen.findByText(/No line matches “zzz”\./)).toBeTruthy();
    await user.click(screen.getByRole('button', { name: 'Remove all filters' }));
    expect(window.location.hash).toBe('#/logs');
    expect(await screen.findByText(/The log has no lines yet\./)).toBeTruthy();
  });

  test('caller without the right -> said, no error', async () => {
    await open({ answers: { 'logs.read': fail({ code: 'FORBIDDEN', message: 'x', details: null }) } });
    expect(await screen.findByText('Only the owner of the pool can read the log of its scheduler.')).toBeTruthy();
    expect(screen.queryByRole('alert')).toBeNull();
  });

  test('many lines -> only the rows in view are in the document', async () => {
    fakeLayout();
    const many = Array.from({ length: 500 }, (_, at) => logLine({ id: `app:1:${String(at)}`, at: 1_700_000_000_000 - at }));
    await open({ answers: { 'logs.read': ok({ ...LOG_PAGE, lines: many }) } });
    await screen.findAllByText('Stopped');
    expect(screen.getAllByRole('row').length).toBeLessThan(60);
  });
});

describe('diagnostics', () => {
  test('files with their content, then saved -> the id of the preview is sent, a notice names the file', async () => {
    const user = userEvent.setup();
    const shown = await open({ answers: { 'diagnostics.save': ok({ state: 'saved', path: '/home/ming/r.zip' }) } });
    await user.click(screen.getByRole('button', { name: 'Export diagnostics…' }));
    const dialog = await screen.findByRole('dialog', { name: 'Export diagnostics' });
    await user.click(await within(dialog).findByRole('button', { name: /^settings\.json/ }));
    expect(textOf(within(dialog).getByRole('region', { name: 'settings.json' }))).toContain('"key": "server.port"');
    await user.click(within(dialog).getByRole('button', { name: 'Save as ZIP…' }));
    expect(await screen.findByText('Diagnostics saved to /home/ming/r.zip')).toBeTruthy();
    expect(shown.api.calls).toContainEqual({ name: 'diagnostics.save', params: { id: 'report-1' } });
  });

  test('in a browser -> downloaded', async () => {
    const user = userEvent.setup();
    const [created, clicked] = [vi.fn(() => 'blob:x'), vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined)];
    URL.createObjectURL = created;
    URL.revokeObjectURL = () => undefined;
    await open({ answers: { 'diagnostics.save': ok({ state: 'download', name: 'r.zip', base64: 'UEs=' }) } });
    await user.click(screen.getByRole('button', { name: 'Export diagnostics…' }));
    await user.click(await screen.findByRole('button', { name: 'Save as ZIP…' }));
    expect(await screen.findByText('Diagnostics downloaded')).toBeTruthy();
    expect(created).toHaveBeenCalledOnce();
    expect(clicked).toHaveBeenCalledOnce();
    clicked.mockRestore();
  });

  test('report too old -> a new one is collected', async () => {
    const user = userEvent.setup();
    const shown = await open({ answers: { 'diagnostics.save': fail({ code: 'NOT_FOUND', message: 'x', details: null }) } });
    await user.click(screen.getByRole('button', { name: 'Export diagnostics…' }));
    fireEvent.click(await screen.findByRole('button', { name: 'Save as ZIP…' }));
    expect(await screen.findByText('This report is too old. Check the new one.')).toBeTruthy();
    expect(shown.api.calls.filter(({ name }) => name === 'diagnostics.preview')).toHaveLength(2);
  });
});

// The search of Settings: by usual words in both languages, by the names of sections and choices, and over the parts without a key.
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { searchOwnSections, searchSettings } from '../../../../src/renderer/pages/settings/settings-search';
import { ok } from '../../../../src/shared/result';
import { hosting } from '../../../fixtures/app-states/states';
import { settingsView } from '../../../fixtures/app-states/settings';
import { labelsIn } from '../support/labels';
import { show } from '../support/render-screen';

const { settings } = settingsView();
const en = labelsIn('en');
const zh = labelsIn('zh-CN');

test.each([
  ['autostart', 'desktop.start_at_login'],
  ['自启动', 'desktop.start_at_login'],
  ['notification', 'desktop.notify_joined'],
  ['maximum gpu', 'agent.limits.gpu_percent'],
  ['限制 gpu', 'agent.limits.gpu_percent'],
  ['显卡', 'agent.gpus'],
  ['POLITE', 'agent.share'],
  ['vram', 'agent.vram_limits_gb'],
])('%s -> finds %s in both languages', (search, key) => {
  for (const labels of [en, zh]) expect(searchSettings(labels, settings, search).map((found) => found.key)).toContain(key);
});

test('name of a choice or of a section, as shown -> found', () => {
  expect(searchSettings(zh, settings, '礼让').map(({ key }) => key)).toEqual(['agent.share']);
  const dispatch = settings.filter(({ section }) => section === 'dispatch').map(({ key }) => key);
  expect(searchSettings(en, settings, 'dispatch').map(({ key }) => key)).toEqual(expect.arrayContaining(dispatch));
});

test('every word must be found', () => {
  expect(searchSettings(en, settings, 'autostart vram')).toEqual([]);
});

test.each([
  ['theme', ['appearance']],
  ['dark', ['appearance']],
  ['主题', ['appearance']],
  ['licence', ['about']],
  ['vram', []],
])('%s -> the parts without a key: %j', (search, names) => {
  for (const labels of [en, zh]) expect(searchOwnSections(labels, search)).toEqual(names);
});

test('page: "dark" -> shows Appearance; a word that nothing has -> says so, and clears the search', async () => {
  show(hosting(), { page: 'settings?search=dark', answers: { 'settings.list': ok(settingsView()) } });
  expect(await screen.findByRole('region', { name: 'Appearance' })).toBeTruthy();
  expect(screen.queryByText(/No setting matches/)).toBeNull();
  const field = await screen.findByRole('searchbox', { name: 'Search settings' });
  await userEvent.clear(field);
  await userEvent.type(field, 'zzz');
  expect(await screen.findByText(/No setting matches “zzz”\./)).toBeTruthy();
  await userEvent.click(screen.getByRole('button', { name: 'Clear search' }));
  expect(window.location.hash).not.toContain('search');
});

/** The row with this title. */
async function rowOf(title: string): Promise<HTMLElement> {
  const heading = await screen.findByText((_text, element) => element?.tagName === 'B' && element.textContent === title);
  const row = heading.parentElement?.parentElement;
  if (row == null) throw new Error(`no row ${title}`);
  return row;
}
const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');

describe('page', () => {
  test('words in title, help or key, in either language -> marked, counted, all sections', async () => {
    show(hosting(), { page: 'settings?search=limit', answers: { 'settings.list': ok(settingsView()) } });
    await rowOf('GPU limit');
    expect(screen.getAllByRole('heading', { level: 2 }).map(textOf)).toEqual(
      expect.arrayContaining(['Sharing', 'Dispatch', 'Keys and limits']),
    );
    expect(screen.getAllByText('limit', { selector: 'mark' }).length).toBeGreaterThan(5);
    expect(screen.getAllByRole('status').map(textOf)).toContainEqual(expect.stringMatching(/^\d+ of \d{2,3}$/));
    const nav = screen.getByRole('navigation', { name: 'Settings' });
    expect(within(nav).getByRole('link', { name: /Sharing/ }).textContent).toMatch(/^Sharing\d+$/);
  });

  test('typed -> in the address; nothing found -> says so; cleared -> the section again', async () => {
    show(hosting(), { page: 'settings/sharing', answers: { 'settings.list': ok(settingsView()) } });
    const field = await screen.findByRole('searchbox', { name: 'Search settings' });
    await userEvent.type(field, 'heartbeat_interval');
    expect(window.location.hash).toBe('#/settings/sharing?search=heartbeat_interval');
    await rowOf('Heartbeat interval');
    await userEvent.type(field, 'xyz');
    expect(await screen.findByText('No setting matches “heartbeat_intervalxyz”.')).toBeTruthy();
    await userEvent.clear(field);
    await rowOf('When jobs may start');
  });
});

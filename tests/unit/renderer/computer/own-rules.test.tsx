// The rules of the owner on the page of this computer and in the settings: what they are judged from, their switches, and the end of a pause.
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import type { RuleView } from '../../../../src/shared/api/agent-rules';
import { ruleNowLabel } from '../../../../src/renderer/labels/rule-labels';
import { HOUR, NOW } from '../../../fixtures/app-states/moment';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { labelsIn } from '../support/labels';
import { asPhone } from '../support/phone';
import { show } from '../support/render-screen';

const rule = (fields: Partial<RuleView>): RuleView => ({
  code: 'schedule',
  state: 'clear',
  program: null,
  celsius: null,
  changes_at: null,
  ...fields,
});

test.each<readonly [Partial<RuleView>, string, string]>([
  [{ code: 'temperature', celsius: 74 }, 'Now 74 °C', '当前 74 °C'],
  [{ code: 'temperature', state: 'not_read' }, 'Not known yet', '尚未获知'],
  [{ code: 'full_screen' }, 'No full-screen program now', '当前没有全屏程序'],
  [{ code: 'full_screen', state: 'holds', program: 'Factorio' }, 'Factorio is in full screen', 'Factorio 正在全屏运行'],
  [
    { code: 'full_screen', state: 'not_supported' },
    'Not supported on this computer. A GPU limit keeps new jobs away while a game uses the GPU',
    '本机不支持。设置 GPU 上限后，游戏占用显卡时不会接收新任务',
  ],
  [{ code: 'process', state: 'not_supported' }, 'Not supported on this computer', '本机不支持'],
  [{ code: 'process' }, 'None of them uses a GPU now', '当前均未使用显卡'],
  [{ code: 'process', state: 'holds', program: 'blender' }, 'blender uses a GPU', 'blender 正在使用显卡'],
  [{ code: 'battery' }, 'On mains power now', '已接通电源'],
  [{ code: 'battery', state: 'holds' }, 'On battery now', '正在使用电池'],
  [{}, 'Open now', '当前可共享'],
  [{ state: 'holds' }, 'Closed now', '当前不共享'],
])('rule %j -> %s', (fields, en, zh) => {
  const texts = (['en', 'zh-CN'] as const).map((language) => ruleNowLabel(labelsIn(language), rule(fields), NOW).replaceAll('\u00a0', ' '));
  expect(texts).toEqual([en, zh]);
});

test('schedule with its next change -> the time', () => {
  const label = (state: RuleView['state']) => ruleNowLabel(labelsIn('en'), rule({ state, changes_at: NOW + HOUR }), NOW);
  expect(label('clear')).toMatch(/^Shares until \S+/);
  expect(label('holds')).toMatch(/^Closed until \S+/);
});

describe('page of this computer', () => {
  const card = () => screen.findByRole('region', { name: 'When jobs may start' });

  test('each rule: its present value and its switch; a change is written', async () => {
    const { api } = show(SITUATIONS.busy(), { page: 'computer' });
    await screen.findByRole('switch', { name: 'Share only on mains power' });
    const limits = await card();
    const lines = (await within(limits).findAllByRole('listitem')).map(({ textContent }) => textContent.replaceAll('\u00a0', ' '));
    expect(lines[0]).toContain('Pause while a program is full screenNo full-screen program now');
    expect(lines[1]).toContain('Pause above 83 °CNow 61 °C');
    expect(lines[2]).toContain('Share only on mains powerOn mains power now');
    expect(lines[3]).toMatch(/^ScheduleShares until .*Change$/);
    expect(lines[4]).toBe('Pause while chosen programs use a GPUOffSet up');
    expect(
      within(limits)
        .getByRole('link', { name: /^Exceptions/ })
        .getAttribute('href'),
    ).toContain('settings/pauses');
    await userEvent.click(within(limits).getByRole('switch', { name: /^Pause above 83/ }));
    await userEvent.click(within(limits).getByRole('switch', { name: 'Share only on mains power' }));
    expect(api.calls.filter(({ name }) => name === 'settings.set').map(({ params }) => params)).toMatchObject([
      { key: 'agent.pause_above_celsius', value: null },
      { key: 'agent.mains_power_only', value: false },
    ]);
  });

  const changes = (api: ReturnType<typeof show>['api']) =>
    api.calls.filter(({ name }) => name === 'settings.set').map(({ params }) => params as { key: string; value: string[] });

  test('schedule -> a grid; a drag, a day and the keyboard change it', async () => {
    const user = userEvent.setup();
    const { api } = show(SITUATIONS.busy(), { page: 'computer' });
    await user.click(await screen.findByRole('button', { name: /^Change: Schedule/ }));
    const grid = await screen.findByRole('grid', { name: 'Schedule' });
    const cell = (name: string) => within(grid).getByRole('gridcell', { name });
    expect(within(grid).getAllByRole('gridcell', { selected: true })).toHaveLength(110);
    expect(screen.getByText('Shares 110 of 168 hours.')).toBeTruthy();
    // From Tuesday 9:00 to Wednesday 10:00.
    await user.pointer([
      { keys: '[MouseLeft>]', target: cell('Tuesday 9:00–10:00: closed') },
      { target: cell('Wednesday 10:00–11:00: closed') },
      { keys: '[/MouseLeft]' },
    ]);
    await user.click(within(grid).getByRole('button', { name: 'Sat, all hours' }));
    cell('Monday 8:00–9:00: closed').focus();
    await user.keyboard('[Space]{Shift>}{ArrowRight}{/Shift}');
    expect(document.activeElement).toBe(cell('Monday 9:00–10:00: closed'));
    expect(changes(api).map(({ key }) => key)).toEqual(Array<string>(4).fill('agent.sharing_hours'));
    expect(changes(api)[0]?.value).toEqual(['mon-thu 18:00-08:00', 'tue-wed 09:00-11:00', 'fri 18:00-24:00', 'sat-sun 00:00-24:00']);
    expect(screen.getByRole('link', { name: 'Type hours' }).getAttribute('href')).toBe('#/settings/pauses');
  });

  test('schedule on a phone -> days are columns, hours rows; a drag downwards and the keyboard change the hours of a day', async () => {
    asPhone();
    const user = userEvent.setup();
    const { api } = show(SITUATIONS.busy(), { page: 'computer' });
    await user.click(await screen.findByRole('button', { name: /^Change: Schedule/ }));
    const grid = await screen.findByRole('grid', { name: 'Schedule' });
    const cell = (name: string) => within(grid).getByRole('gridcell', { name });
    const [head, ...hours] = within(grid).getAllByRole('row');
    expect(head?.textContent).toBe('MonTueWedThuFriSatSun');
    expect(hours.map(({ textContent }) => textContent)).toEqual(Array.from({ length: 24 }, (_, hour) => String(hour)));
    expect(cell('Sunday 9:00–10:00: open').parentElement).toBe(hours[9]);
    expect(screen.getByText(/Tap hours, or drag sideways over them\./)).toBeTruthy();
    await user.pointer([
      { keys: '[MouseLeft>]', target: cell('Tuesday 9:00–10:00: closed') },
      { target: cell('Tuesday 11:00–12:00: closed') },
      { keys: '[/MouseLeft]' },
    ]);
    expect(changes(api)[0]?.value).toEqual(['mon-thu 18:00-08:00', 'tue 09:00-12:00', 'fri 18:00-24:00', 'sat-sun 00:00-24:00']);
    cell('Monday 8:00–9:00: closed').focus();
    await user.keyboard('{ArrowDown}{ArrowRight}');
    expect(document.activeElement?.getAttribute('data-cell')).toBe('2 9');
    await user.keyboard('{End}');
    expect(document.activeElement).toBe(cell('Sunday 9:00–10:00: open'));
  });

  test('programs -> those of the owner on the GPU now can be added; none of the pool or the desktop is offered', async () => {
    const user = userEvent.setup();
    const { api } = show(SITUATIONS.busy(), { page: 'computer' });
    await user.click(await screen.findByRole('button', { name: /^Set up: Pause while/ }));
    const picker = await screen.findByRole('group', { name: 'Pause while these programs use a GPU' });
    const offered = await within(picker).findAllByRole('button', { pressed: false });
    expect(offered.map(({ textContent }) => textContent)).toEqual(['+ blender', '+ code', '+ obs']);
    await user.click(within(picker).getByRole('button', { name: 'obs' }));
    expect(changes(api)).toMatchObject([{ key: 'agent.pause_for_programs', value: ['obs'] }]);
  });

  test.each([
    ['full screen', SITUATIONS.paused_by_full_screen(), 'Sharing resumes 2 minutes after the program closes or leaves the front.'],
    ['battery', SITUATIONS.paused_on_battery(), 'Sharing resumes on mains power.'],
    ['temperature', SITUATIONS.paused_by_temperature(), 'Sharing resumes when the GPU is 5 °C below the limit.'],
  ])('paused by %s -> how the pause ends, and which rule pauses', async (_case, state, end) => {
    show(state, { page: 'computer' });
    expect(await screen.findByText(end, { exact: false })).toBeTruthy();
    expect(await screen.findByText('Pauses now')).toBeTruthy();
  });
});

test('settings: each rule has its live value', async () => {
  show(SITUATIONS.paused_by_temperature(), { page: 'settings/pauses' });
  expect(await screen.findByText(/Now 86.°C\./)).toBeTruthy();
  expect(screen.getByText(/On mains power now\./)).toBeTruthy();
});

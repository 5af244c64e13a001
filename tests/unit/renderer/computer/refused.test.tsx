import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, test } from 'vitest';
import { en } from '../../../../src/renderer/i18n/en/index';
import { zhCn } from '../../../../src/renderer/i18n/zh-cn/index';
import { agentView, agentWithoutGpu, refused } from '../../../fixtures/app-states/agents';
import { appState, runningHost } from '../../../fixtures/app-states/states';
import { show as showScreen } from '../support/render-screen';

const show: typeof showScreen = (state, options) => showScreen(state, { page: 'computer', ...options });

const CODES = [
  'NO_GPU_AVAILABLE',
  'NODE_ID_CONFLICT',
  'INVALID_CAPABILITY_SCHEMA',
  'INVALID_MESSAGE',
  'NOT_REGISTERED',
  'INTERNAL_ERROR',
  'UNAUTHORIZED',
  'REMOVED',
  'REPLACED',
] as const;
const withCode = (code: string, details: Record<string, unknown> | null = null) =>
  appState({ agent: agentView({ link: refused(code, details), node_status: null }) });

describe.each(CODES)('the refusal %s', (code) => {
  test('refused: title, fix, code and button in English', async () => {
    const { api } = show(withCode(code));
    const hero = screen.getByRole('region', { name: 'Status of this computer' });
    expect(within(hero).getByRole('heading', { level: 2 }).textContent.trim()).toBe(en.error[code].title);
    expect(hero.textContent).toContain(en.error[code].fix);
    expect(hero.textContent).toContain(code);
    expect(hero.textContent).not.toContain('not shown');
    expect(hero.querySelector('svg')?.getAttribute('data-shape')).toBe(code === 'NO_GPU_AVAILABLE' ? 'offline' : 'refused');
    await userEvent.click(
      within(hero).getByRole('button', { name: code === 'NODE_ID_CONFLICT' ? 'Register with a new ID' : 'Check again' }),
    );
    expect(api.userCalls).toEqual([{ name: 'agent.recheck', params: {} }]);
  });

  test('refused: the same in Chinese', () => {
    show(withCode(code), { language: 'zh-CN' });
    const hero = screen.getByRole('region', { name: '本机状态' });
    expect(hero.textContent).toContain(zhCn.error[code].title);
    expect(hero.textContent).toContain(zhCn.error[code].fix);
  });
});

test('refused without a GPU: the fix of the broken driver, adapters with reasons; the page GPUs has the checks', () => {
  show(appState({ agent: agentWithoutGpu() }));
  const hero = screen.getByRole('region', { name: 'Status of this computer' });
  const lines = within(hero)
    .getAllByRole('listitem')
    .map((item) => item.textContent.replaceAll('\u00a0', ' '));
  expect(lines).toEqual([
    'NVIDIA GeForce RTX 3060No driver is loaded for it',
    'Intel UHD Graphics 770Only drives displays',
    'QEMU Virtual Video ControllerVirtual display adapter without computing power',
  ]);
  expect(hero.textContent).toContain('The NVIDIA driver of the RTX 3060 does not work.');
  expect(within(hero).getByRole('link', { name: 'Show checks' }).getAttribute('href')).toBe('#/gpus');
});

test.each([
  ['own pool without another node', appState({ agent: agentWithoutGpu(), host: runningHost() }), ['Try it', 'Join a pool']],
  ['pool of others', appState({ agent: agentWithoutGpu() }), ['Try it', 'Host a pool']],
])('no GPU, %s -> what this computer can do; no empty card of GPUs, no limits, nothing given', (_case, state, links) => {
  show(state);
  const hero = screen.getByRole('region', { name: 'Status of this computer' });
  expect(
    within(hero)
      .getAllByRole('link')
      .slice(0, 2)
      .map(({ textContent }) => textContent),
  ).toEqual(links);
  const titles = screen.getAllByRole('heading').map(({ textContent }) => textContent);
  expect(titles.filter((title) => /^GPUs|When jobs may start|^Given to/.test(title))).toEqual([]);
});

test('no GPU -> what this computer can do, no red refusal, no field of the protocol', () => {
  show(
    appState({ agent: agentView({ link: refused('NO_GPU_AVAILABLE', { field: 'hardware.gpus', reason: 'no GPU' }), node_status: null }) }),
  );
  const hero = screen.getByRole('region', { name: 'Status of this computer' });
  expect(hero.textContent).toContain('This computer cannot lend a GPU. It can use the GPUs of its pool.');
  expect(hero.textContent).not.toMatch(/hardware\.gpus|refused/);
});

test('refused with INVALID_MESSAGE -> the place of the fault', () => {
  show(withCode('INVALID_MESSAGE', { field: 'hardware.gpus[0].memory_gb', reason: 'expected number' }));
  expect(screen.getByText('hardware.gpus[0].memory_gb: expected number')).toBeTruthy();
});

test('refused with an unknown code -> the code', () => {
  show(withCode('QUOTA_EXCEEDED'));
  const hero = screen.getByRole('region', { name: 'Status of this computer' });
  expect(within(hero).getByRole('heading', { level: 2 }).textContent.trim()).toBe('Unknown error code');
  expect(hero.textContent).toContain('QUOTA_EXCEEDED');
});

test('refused with a wrong token -> link to the Pool page', () => {
  show(withCode('UNAUTHORIZED'));
  expect(screen.getByRole('link', { name: 'Join a pool' }).getAttribute('href')).toBe('#/pool');
});

import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { foundGpus } from '../../../../src/renderer/pages/setup/findings';
import { fail } from '../../../../src/shared/result';
import { noGpuHardware, refusedAdapter } from '../../../fixtures/app-states/gpus';
import { agentView, connecting } from '../../../fixtures/app-states/agents';
import { hostView } from '../../../fixtures/app-states/host';
import { hosting, SITUATIONS } from '../../../fixtures/app-states/states';
import { labelsIn } from '../support/labels';
import { show } from '../support/render-screen';

const pointsOf = async () =>
  within(await screen.findByRole('region', { name: 'Pool of this computer' }))
    .getAllByRole('listitem')
    .slice(0, 3)
    .map(({ textContent: text }) => text);

test('own pool: what it gives; only ready models count', async () => {
  show(SITUATIONS.nearby(), { page: 'setup' });
  expect(await pointsOf()).toEqual([
    '3 models on this computer answer at once.',
    'Programs use the GPUs of all computers in the pool at one address.',
    'Connections between computers are encrypted. No account is needed.',
  ]);
});

test('own pool while this computer registers: it does not promise that the models answer', async () => {
  const host = hostView({ state: 'running', url: 'http://127.0.0.1:7080' });
  show(hosting({ host, agent: agentView({ link: connecting, node_status: null }), nodes: [] }), { page: 'setup' });
  expect((await pointsOf())[0]).toBe('Programs use the GPUs of all computers in the pool at one address.');
});

test('own pool without a usable GPU: it does not promise answers of the models here; step 3 says what helps', async () => {
  show(SITUATIONS.first_run_no_gpu(), {
    page: 'setup',
    answers: { 'pool.models': fail({ code: 'NOT_CONNECTED', message: '', details: null }) },
  });
  const points = await pointsOf();
  expect(points[0]).toBe('Prompts are answered by a computer with a GPU, or by the models here on the processor.');
  expect(points).not.toContain('3 models on this computer answer at once.');
  expect(screen.queryByRole('button', { name: 'Only on this computer' })).toBeNull();
  await screen.findByText(/^Select “Start with the processor” above, then send a first prompt here\./);
});

test('own pool without a usable GPU and without models: a computer with a GPU must be invited', async () => {
  const state = SITUATIONS.first_run_no_gpu();
  show({ ...state, agent: state.agent && { ...state.agent, models: [] } }, { page: 'setup' });
  expect((await pointsOf())[0]).toBe('Prompts are answered by a computer with a GPU: invite one.');
  expect(screen.queryByText(/processor/)).toBeNull();
});

test('own pool before the GPUs are known: no promise', async () => {
  const state = SITUATIONS.nearby();
  show({ ...state, agent: state.agent && { ...state.agent, hardware: null } }, { page: 'setup' });
  expect((await pointsOf())[0]).toBe('Programs use the GPUs of all computers in the pool at one address.');
});

test('no usable GPU: a driver that does not work is named instead of the adapters', () => {
  const [cause] = foundGpus(labelsIn('en'), noGpuHardware(), false).lines;
  expect(cause).toBe('The NVIDIA driver of the RTX 3060 does not work. Install the driver, or restart the computer.');
  const { lines } = foundGpus(labelsIn('en'), { ...noGpuHardware(), gpus: [refusedAdapter()] }, false);
  expect(lines[0]).toBe('Intel UHD Graphics 770');
});

test('no usable GPU: the page of the driver of its vendor, and another check', async () => {
  const { api } = show(SITUATIONS.first_run_no_gpu(), { page: 'setup' });
  const driver = await screen.findByRole('link', { name: 'Get the NVIDIA driver' });
  expect(driver.getAttribute('href')).toBe('https://www.nvidia.com/en-us/drivers/');
  await userEvent.click(screen.getByRole('button', { name: 'Check again' }));
  await waitFor(() => expect(api.userCalls).toEqual([{ name: 'agent.recheck', params: {} }]));
});

test('no adapter that a driver would make usable: no driver is offered', async () => {
  const state = SITUATIONS.first_run_no_gpu();
  const hardware = { ...noGpuHardware(), gpus: [refusedAdapter()] };
  show({ ...state, agent: state.agent && { ...state.agent, hardware } }, { page: 'setup' });
  await screen.findByRole('button', { name: 'Check again' });
  expect(screen.queryByRole('link', { name: /driver$/ })).toBeNull();
});

test('a GPU of a vendor without drivers of its own: no name of a vendor', () => {
  const gpus = [refusedAdapter({ name: 'Moore Threads S80', vendor: 'other', refusal_code: 'driver_not_working' })];
  const { lines } = foundGpus(labelsIn('zh-CN'), { ...noGpuHardware(), gpus }, false);
  expect(lines[0]).toBe('Moore Threads S80 的驱动无法工作。请安装驱动，或重启电脑。');
});

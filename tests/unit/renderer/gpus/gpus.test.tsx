import { act, cleanup, fireEvent, screen, waitFor, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { GpuView } from '../../../../src/shared/api/agent-view';
import { fail, ok } from '../../../../src/shared/result';
import { agentView } from '../../../fixtures/app-states/agents';
import { gpuHistory } from '../../../fixtures/app-states/gpu-history';
import {
  chosenGpus,
  gpuView,
  hardwareView,
  idleGpu,
  known,
  lostGpu,
  noGpuHardware,
  refusedAdapter,
  silentGpu,
  simulatedGpu,
  unknown,
} from '../../../fixtures/app-states/gpus';
import { NOW } from '../../../fixtures/app-states/moment';
import { settingsViewOf } from '../../../support/settings-fakes';
import { appState } from '../../../fixtures/app-states/states';
import { show, type ShowOptions } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
const showGpus = (gpus: GpuView[], options: ShowOptions = {}) =>
  show(appState({ agent: agentView({ hardware: hardwareView({ gpus }) }) }), { page: 'gpus', ...options });
function card(gpu: GpuView, options: ShowOptions = {}): HTMLElement {
  showGpus([gpu], options);
  return screen.getByRole('region', { name: gpu.name });
}
const cardOf = (name: string): HTMLElement => screen.getByRole('region', { name });
const figuresOf = async (shown: HTMLElement) =>
  (await within(shown).findAllByRole('figure')).map((figure) => figure.getAttribute('aria-label'));

describe('charts', () => {
  test('use, VRAM, temperature and power with the present values and a text of the curves', async () => {
    const shown = card(gpuView());
    const { name } = gpuView();
    expect(await figuresOf(shown)).toEqual([`Use of ${name}`, `VRAM of ${name}`, `Temperature of ${name}`, `Power of ${name}`]);
    expect(textOf(shown)).toContain('62%');
    expect(textOf(shown)).toContain('61 °C');
    expect(textOf(shown)).toContain('286 of 450 W');
    const use = within(shown).getByRole('img', { name: new RegExp(`^Use of ${name}: `) });
    expect(use.getAttribute('aria-label')).toMatch(/You: last.*Pool: last.*own limit 25%.*Not reported: /);
  });

  test('the owner pauses above a temperature -> a limit in its chart; not of a GPU that is not offered', async () => {
    const answers = { 'settings.list': ok(settingsViewOf({ 'agent.pause_above_celsius': { value: 83 } })) };
    const shown = card(gpuView(), { answers });
    await waitFor(() => {
      expect(textOf(within(shown).getByRole('figure', { name: /^Temperature of/ }))).toContain('83 °C limit');
    });
    cleanup();
    expect(textOf(card(gpuView({ offered: false }), { answers }))).not.toContain('83 °C limit');
  });

  test('three GPUs -> a line for each above their cards, with the fault of a dead one; two -> none', async () => {
    showGpus([gpuView(), { ...idleGpu(), key: 'second', name: 'Second GPU' }, lostGpu()]);
    const lines = within(await screen.findByRole('region', { name: 'All GPUs' })).getAllByRole('listitem');
    expect(lines.map(textOf)).toEqual([
      expect.stringMatching(/^NVIDIA GeForce RTX 4090.*62%.*61 °C286 of 450 W$/),
      expect.stringMatching(/^Second GPU.*0%/),
      expect.stringMatching(/^NVIDIA GeForce RTX 3060Not usable nowThe GPU stopped responding\./),
    ]);
    cleanup();
    showGpus([gpuView(), idleGpu()]);
    expect(screen.queryByRole('region', { name: 'All GPUs' })).toBeNull();
  });

  test('another range -> its history is requested', async () => {
    const { api } = showGpus([gpuView()]);
    fireEvent.click(screen.getByRole('radio', { name: '24 h' }));
    await waitFor(() => {
      expect(api.calls).toContainEqual({ name: 'gpu.history', params: { range: '24h' } });
    });
  });

  test('figures that are never reported -> named, not 0', async () => {
    const shown = card(silentGpu());
    await within(shown).findByText('Not reported by this GPU: GPU use · VRAM · Temperature · Power');
    expect(textOf(shown)).not.toMatch(/\b0 ?(%|GB|W|°C)/);
    expect(within(shown).queryAllByRole('figure')).toEqual([]);
  });

  test('the system does not tell the parts -> the sum, not divided', async () => {
    const gpu = gpuView({ pool_percent: null, owner_percent: null, pool_memory_gb: null, owner_memory_gb: null });
    const history = gpuHistory('1h', NOW, [{ key: gpu.key, totalGb: 24, powerW: 450, isSplit: false }]);
    const shown = card(gpu, { answers: { 'gpu.history': ok(history) } });
    const use = await within(shown).findByRole('img', { name: /^VRAM of .*Not divided: last/ });
    expect(use.getAttribute('aria-label')).not.toContain('Pool');
    expect(textOf(shown)).toContain('In use 12.7 GB · Free 11.3 GB');
  });

  test('CPU and memory of the computer, with the part of the owner', async () => {
    showGpus([gpuView()]);
    const machine = await screen.findByRole('region', { name: 'CPU and memory' });
    expect(await figuresOf(machine)).toEqual(['CPU', 'Memory']);
    expect(textOf(machine)).toContain('34% · 12% yours');
  });
});

describe('VRAM', () => {
  test('parts of the pool and the owner, what is free', () => {
    const shown = card(gpuView());
    expect(textOf(shown)).toContain('Pool 10.6 GB · You 2.1 GB · Free 11.3 GB');
    expect(within(shown).getByRole('img', { name: new RegExp(`^VRAM of ${gpuView().name}: 12.7 of 24\\sGB$`) })).toBeDefined();
  });

  test.each<[string, Partial<GpuView>, string]>([
    ['use unknown', { memory_used_gb: unknown('error') }, '24 GB, use '],
    ['size unknown', { memory_gb: null, memory_total_gb: unknown(), memory_used_gb: unknown() }, 'Size not reported'],
  ])('%s -> neither 0 nor a filled bar', (_title, change, text) => {
    const shown = card(gpuView(change));
    expect(textOf(shown)).toContain(text);
    expect(within(shown).getByRole('img', { name: `VRAM of ${gpuView().name}: not reported` })).toBeDefined();
  });

  test('use 0 GB is 0, not unknown', () => {
    const shown = card({ ...idleGpu(), memory_used_gb: known(0), pool_memory_gb: 0, owner_memory_gb: 0 });
    expect(within(shown).getByRole('img', { name: /: 0 of 12\sGB$/ })).toBeDefined();
  });
});

describe('programs', () => {
  test('name, use and memory; whose they are; the rest on request', async () => {
    const shown = card(gpuView());
    const rows = await within(shown).findAllByRole('row');
    expect(rows.map((row) => textOf(row))).toEqual([
      'ProgramGPUVRAM',
      'Pool: ollama424258%6.2 GB',
      'You: firefox23013%0.9 GB',
      'Pool: python343100%4.4 GB',
      'You: Xorg14461%0.5 GB',
    ]);
    fireEvent.click(within(shown).getByRole('button', { name: 'Show all 8' }));
    expect(within(shown).getAllByRole('row').slice(5, 7).map(textOf)).toEqual(['You: gnome-shell17100%0.4 GB', 'You: Process 3120–0.2 GB']);
    expect(within(shown).getAllByRole('row')).toHaveLength(9);
  });

  test.each<[string, ShowOptions['answers'], string]>([
    ['none', { 'gpu.processes': ok({ gpus: [{ key: 'GPU-4090', read_at: NOW, programs: [] }] }) }, 'No program uses this GPU.'],
    ['unknown', { 'gpu.processes': ok({ gpus: [{ key: 'GPU-4090', read_at: null, programs: null }] }) }, 'does not list the programs'],
    ['not yet', { 'gpu.processes': ok({ gpus: [] }) }, 'Reading the programs…'],
    ['not the owner', { 'gpu.processes': fail({ code: 'FORBIDDEN', message: '', details: null }) }, 'Only the owner of this computer'],
  ])('%s -> a sentence', async (_title, answers, text) => {
    const shown = card(gpuView(), { answers: answers ?? {} });
    await within(shown).findByText(new RegExp(text));
    expect(within(shown).queryByRole('table')).toBeNull();
  });
});

describe('offer', () => {
  const offers = (calls: readonly { readonly name: string; readonly params: unknown }[]) =>
    calls.filter(({ name }) => name === 'gpu.offer').map(({ params }) => params);

  test('switch -> offered or not; a GPU that is not offered says so', async () => {
    const { api } = showGpus([gpuView(), { ...idleGpu(), offered: false }]);
    const small = cardOf(idleGpu().name);
    expect(textOf(small)).toContain('Not offered by you');
    fireEvent.click(within(small).getByRole('switch', { name: `Offer ${idleGpu().name} to the pool` }));
    await waitFor(() => {
      expect(offers(api.calls)).toEqual([{ key: 'GPU-3060', offered: true }]);
    });
  });

  test('the last offered GPU stays offered; the page says to pause', () => {
    showGpus(chosenGpus());
    const large = cardOf(gpuView().name);
    expect(within(large).getByRole('switch')).toHaveProperty('disabled', true);
    expect(textOf(large)).toContain('At least one GPU stays offered. To offer none, pause sharing.');
  });

  test('limit: several steps in a row -> one change; the last step is no limit', async () => {
    const { api } = showGpus(chosenGpus());
    const large = cardOf(gpuView().name);
    const stepper = within(large).getByRole('spinbutton', { name: `VRAM limit of ${gpuView().name}` });
    expect(stepper.getAttribute('aria-valuetext')).toBe('16\u00a0GB');
    fireEvent.keyDown(stepper, { key: 'ArrowDown' });
    fireEvent.keyDown(stepper, { key: 'ArrowDown' });
    await waitFor(() => {
      expect(offers(api.calls)).toEqual([{ key: 'GPU-4090', vram_limit_gb: 12 }]);
    });
    fireEvent.keyDown(stepper, { key: 'End' });
    await waitFor(() => {
      expect(offers(api.calls)[1]).toEqual({ key: 'GPU-4090', vram_limit_gb: null });
    });
  });

  test('refused -> the reason is shown', async () => {
    showGpus([gpuView(), idleGpu()], {
      answers: { 'gpu.offer': fail({ code: 'INVALID_STATE', message: '', details: { reason: 'last_gpu' } }) },
    });
    fireEvent.click(within(cardOf(idleGpu().name)).getByRole('switch'));
    await within(cardOf(idleGpu().name)).findByRole('alert');
  });
});

test('lost GPU -> fault and fix, no old readings; its history stays', async () => {
  const shown = card(lostGpu());
  expect(textOf(shown)).toContain('Not usable now');
  expect(textOf(shown)).toContain('The GPU stopped responding');
  expect(textOf(shown)).not.toContain('of 170 W');
  expect(await figuresOf(shown)).toHaveLength(4);
});

test('marks: unified memory, MIG, simulated', () => {
  const shown = card({ ...simulatedGpu(), mig: true, unified_memory: true });
  expect(['Unified memory', 'MIG', 'Simulated'].map((mark) => within(shown).getAllByText(mark).length)).toEqual([1, 1, 1]);
});

describe('adapters and sources', () => {
  test('a usable GPU -> collapsed, with the reasons inside; source with age above', () => {
    showGpus([gpuView(), refusedAdapter({ refusal_detail: 'vga' })]);
    const details = screen.getByText('1 adapter not used · checked sources').closest('details');
    expect(details?.open).toBe(false);
    expect(details?.textContent).toContain('Intel UHD Graphics 770Only drives displays vga');
    expect(textOf(screen.getByRole('main'))).toContain('nvidia-smi, just now');
  });

  test('connection to the program lost -> the time of the readings, not their age', () => {
    const { api } = showGpus([gpuView()]);
    act(() => api.emit.onConnection('lost'));
    expect(textOf(screen.getByRole('main'))).toMatch(/nvidia-smi, as of \d\d:\d\d/);
  });

  test('no usable GPU -> open, and no range of charts for GPUs', () => {
    show(appState({ agent: agentView({ hardware: noGpuHardware() }) }), { page: 'gpus' });
    expect(screen.getByText('3 adapters not used · checked sources').closest('details')?.open).toBe(true);
    expect(screen.queryByRole('radiogroup')).toBeNull();
  });
});

import { screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import type { GpuView } from '../../../../src/shared/api/agent-view';
import { agentView } from '../../../fixtures/app-states/agents';
import {
  gpuView,
  hardwareView,
  idleGpu,
  known,
  lostGpu,
  refusedAdapter,
  silentGpu,
  simulatedGpu,
  unknown,
} from '../../../fixtures/app-states/gpus';
import { appState } from '../../../fixtures/app-states/states';
import { show } from '../support/render-screen';

const textOf = (element: HTMLElement): string => element.textContent.replaceAll('\u00a0', ' ');
function card(gpu: GpuView): HTMLElement {
  show(appState({ agent: agentView({ hardware: hardwareView({ gpus: [gpu] }) }) }), { page: 'gpus' });
  return screen.getByRole('region', { name: gpu.name });
}

describe('GPU card', () => {
  test('use 0 % -> idle, bar from 0 to the total', () => {
    const shown = card({ ...idleGpu(), memory_used_gb: known(0) });
    expect(textOf(shown)).toContain('GPU 0%, idle · 38 °C · 15 of 170 W');
    expect(textOf(shown)).toContain('Memory: 0 GB of 12 GB used, 12 GB free');
    const bar = within(shown).getByRole('meter');
    expect([bar.getAttribute('aria-valuenow'), bar.getAttribute('aria-valuemin'), bar.getAttribute('aria-valuemax')]).toEqual([
      '0',
      '0',
      '12',
    ]);
  });

  test('not reported -> text shown, no bar at 0', () => {
    const shown = card(silentGpu());
    expect(textOf(shown)).toContain('Memory: 119.6 GB, usage not reported');
    expect(textOf(shown)).not.toMatch(/\b0 ?(%|GB|W|°C)/);
    expect(within(shown).queryByRole('meter')).toBeNull();
    expect(within(shown).getAllByText('not reported').length).toBeGreaterThan(1);
    expect(within(shown).getAllByText(/not supported by this GPU/).length).toBeGreaterThan(0);
  });

  test('unknown memory -> neither 0 nor a bar', () => {
    const shown = card(gpuView({ memory_gb: null, memory_total_gb: unknown(), memory_used_gb: unknown('error') }));
    expect(within(shown).queryByRole('meter')).toBeNull();
  });
});

test('lost GPU -> fault and fix, no old readings', () => {
  const shown = card(lostGpu());
  expect(textOf(shown)).toContain('Not usable now');
  expect(textOf(shown)).toContain('The GPU stopped responding');
  expect(within(shown).queryByRole('meter')).toBeNull();
});

test('marks: unified memory, MIG, simulated', () => {
  const shown = card({ ...simulatedGpu(), mig: true, unified_memory: true });
  expect(['Unified memory', 'MIG'].map((mark) => within(shown).getAllByText(mark).length)).toEqual([1, 1]);
  expect(within(shown).getAllByText('Simulated').length).toBeGreaterThan(0);
});

test('refused adapters with reasons; source with age', () => {
  show(appState({ agent: agentView({ hardware: hardwareView({ gpus: [gpuView(), refusedAdapter({ refusal_detail: 'vga' })] }) }) }), {
    page: 'gpus',
  });
  expect(textOf(screen.getByRole('region', { name: 'Adapters not used' }))).toContain('Intel UHD Graphics 770Only drives displays vga');
  expect(textOf(screen.getByRole('main'))).toContain('Source: nvidia-smi, read 2 s ago in 64 ms');
});

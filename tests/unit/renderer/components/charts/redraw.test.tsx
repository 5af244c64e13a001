// A chart is drawn again for new points, not for each reading of the computer or each heartbeat of a node.
import { act, screen, waitFor } from '@testing-library/react';
import { beforeEach, expect, test, vi } from 'vitest';
import { REDRAW_MS } from '../../../../../src/renderer/components/charts/redraw-gate';
import type { NodeView } from '../../../../../src/shared/api/node-view';
import type { AppEvent } from '../../../../../src/shared/api/app-state';
import { ok } from '../../../../../src/shared/result';
import { agentView } from '../../../../fixtures/app-states/agents';
import { gpuView, hardwareView, known } from '../../../../fixtures/app-states/gpus';
import { nodeView } from '../../../../fixtures/app-states/nodes';
import { appState, hosting } from '../../../../fixtures/app-states/states';
import { settingsViewOf } from '../../../../support/settings-fakes';
import { show, type Shown } from '../../support/render-screen';

/** Each drawing begins with an empty canvas. */
const clearRect = vi.fn();
/** The clock of the gate that draws a chart at most once a second. */
let nowMs = 0;

/** jsdom has neither layout nor canvas: each box has a size at once, and what is drawn is dropped. */
beforeEach(() => {
  clearRect.mockClear();
  vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(120);
  vi.stubGlobal(
    'IntersectionObserver',
    class extends MutationObserver {
      override observe(): void {}
    },
  );
  vi.stubGlobal('Path2D', function path() {
    return canvas();
  });
  vi.stubGlobal(
    'ResizeObserver',
    class {
      constructor(readonly onSize: () => void) {}
      observe(): void {
        queueMicrotask(this.onSize);
      }
      disconnect(): void {}
    },
  );
  vi.spyOn(HTMLCanvasElement.prototype, 'getContext').mockImplementation(() => canvas() as never);
  return () => void vi.unstubAllGlobals();
});

function canvas(): object {
  return new Proxy({}, { get: (_target, name) => (name === 'clearRect' ? clearRect : () => ({ width: 0 })), set: () => true });
}

const agentAt = (celsius: number) => agentView({ hardware: hardwareView({ gpus: [gpuView({ temperature_c: known(celsius) })] }) });

/** Waits for the first drawings, then counts those that the event causes. */
async function drawingsAfter({ api }: Shown, charts: number, event: AppEvent): Promise<number> {
  await waitFor(() => {
    expect(clearRect.mock.calls.length).toBeGreaterThanOrEqual(charts);
  });
  nowMs += REDRAW_MS;
  clearRect.mockClear();
  await act(async () => {
    api.emit.onEvent(event);
    await Promise.resolve();
  });
  return clearRect.mock.calls.length;
}

test.each([
  { page: 'gpus', charts: 6 },
  { page: 'computer', charts: 1 },
])('$page: a new reading changes the figures, and draws none of the charts again', async ({ page, charts }) => {
  const answers = { 'settings.list': ok(settingsViewOf({ 'agent.pause_above_celsius': { value: 83 } })) };
  const shown = show(appState({ agent: agentAt(61) }), { page, answers });
  expect(await drawingsAfter(shown, charts, { type: 'agent', agent: agentAt(64) })).toBe(0);
  expect(document.body.textContent.replaceAll('\u00a0', ' ')).toContain('64 °C');
});

test('node: a heartbeat changes the figures, and draws none of the charts again', async () => {
  const node = nodeView('ready', { node_id: 'node-other' });
  const shown = show(hosting({ nodes: [node] }), { page: `nodes/${node.node_id}` });
  const later: NodeView = { ...node, use: { gpu_percent: { pool: 70, owner: 7 }, vram_gb: null } };
  expect(await drawingsAfter(shown, 2, { type: 'node', node: later })).toBe(0);
  expect(screen.getByRole('figure', { name: 'GPU use' }).textContent).toContain('77%');
});

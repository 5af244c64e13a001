import { describe, expect, test } from 'vitest';
import { setupSteps, type StepState } from '../../../../src/renderer/pages/computer/setup-steps';
import type { AgentView } from '../../../../src/shared/api/agent-view';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import {
  agentView,
  agentWith,
  agentWithoutGpu,
  connected,
  connecting,
  modelView,
  reconnecting,
  refused,
} from '../../../fixtures/app-states/agents';
import { gpuView, hardwareView, lostGpu, simulatedGpu } from '../../../fixtures/app-states/gpus';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { health, statusMessage } from '../../../fixtures/app-states/statuses';
import { NOW } from '../../../fixtures/app-states/moment';
import { labelsIn } from '../support/labels';

const labels = labelsIn('en');
const marks: Record<StepState, string> = { done: '✓', active: '…', warning: '!', failed: '✕', waiting: '·' };
const path = (agent: AgentView): string[] => setupSteps(agent, labels).map(({ state, detail }) => `${marks[state]} ${detail}`);

const agentOf = ({ agent }: Pick<AppSnapshot, 'agent'>): AgentView => {
  if (agent === null) throw new Error('the state has no agent');
  return agent;
};

describe('checks: each state of the agent -> the steps that are known', () => {
  test.each<readonly [string, AgentView, readonly string[]]>([
    ['ready node', agentWith('ready'), ['✓ 2 usable', '✓ 580.159.03', '! 3 of 5 ready, 1 damaged', '✓ 4 ms', '✓ 5 of 5 checks']],
    [
      'registering node -> all models must be ready',
      agentWith('registering'),
      ['✓ 2 usable', '✓ 580.159.03', '! 3 of 5 ready, 1 damaged', '✓ 4 ms', '… 2 of 3 checks'],
    ],
    [
      'degraded node, required model not ready',
      agentWith('degraded'),
      ['✓ 2 usable', '✓ 580.159.03', '! 3 of 5 ready, 1 damaged', '✓ 4 ms', '✕ 1 failed check'],
    ],
    ['no GPU', agentWithoutGpu(), ['✕ none usable', '✕ does not work', '! 3 of 5 ready, 1 damaged', '· member, shares nothing', '· –']],
    [
      'link lost',
      agentView({ link: reconnecting }),
      ['✓ 2 usable', '✓ 580.159.03', '! 3 of 5 ready, 1 damaged', '✕ connection lost', '· not confirmed'],
    ],
    [
      'agent starting',
      agentView({ hardware: null, models: [], link: connecting, node_status: null }),
      ['… searching…', '· not yet', '… searching…', '… connecting…', '· not yet'],
    ],
    [
      'first run with a simulated GPU',
      agentView({ link: { state: 'idle' }, node_status: null, hardware: hardwareView({ gpus: [simulatedGpu()] }), models: [modelView()] }),
      ['✓ 1 simulated', '✓ not needed', '✓ 1 of 1 ready', '· not in a pool', '· –'],
    ],
    [
      'one of two GPUs lost, model broken, no status yet',
      agentView({
        hardware: hardwareView({ gpus: [gpuView(), lostGpu()] }),
        models: [modelView({ state: 'error', reason_code: 'size_differs' })],
        node_status: null,
        registered_at: null,
      }),
      ['! 1 of 2 usable', '! 1 of 2 respond', '✕ 0 of 1 ready, 1 damaged', '… 4 ms', '· not yet'],
    ],
    [
      'refused with an unknown code',
      agentView({ link: refused('QUOTA'), node_status: null, hardware: hardwareView({ gpus: [lostGpu()] }) }),
      ['✕ 0 of 1 usable', '✕ 0 of 1 respond', '! 3 of 5 ready, 1 damaged', '✕ QUOTA', '· –'],
    ],
    [
      'quarantined node -> paused, not accepted',
      agentOf(SITUATIONS.quarantined()),
      ['✓ 2 usable', '✓ 580.159.03', '! 2 of 5 ready, 1 damaged, 1 failing', '✓ 4 ms', '· paused'],
    ],
    [
      'latency not measured yet -> the address; no check reported yet -> passed',
      agentView({
        link: { ...connected, latency_ms: null },
        node_status: { received_at: NOW, message: statusMessage('ready', { health: health({ window: [], failures_in_window: 0 }) }) },
      }),
      ['✓ 2 usable', '✓ 580.159.03', '! 3 of 5 ready, 1 damaged', '✓ 192.168.1.20:7080', '✓ passed'],
    ],
    [
      'model that is checked, none with a fault -> in progress',
      { ...agentWith('registering'), models: [modelView(), modelView({ state: 'not_installed', reason_code: 'verifying' })] },
      ['✓ 2 usable', '✓ 580.159.03', '… 1 of 2 ready, checking files', '✓ 4 ms', '… 2 of 3 checks'],
    ],
    [
      'model of another fault -> not usable',
      agentView({ models: [modelView(), modelView({ state: 'error', reason_code: 'runtime_not_running' })] }),
      ['✓ 2 usable', '✓ 580.159.03', '! 1 of 2 ready, 1 not usable', '✓ 4 ms', '✓ 5 of 5 checks'],
    ],
    ['draining node', agentWith('draining'), ['✓ 2 usable', '✓ 580.159.03', '! 3 of 5 ready, 1 damaged', '✓ 4 ms', '· draining']],
  ])('%s', (_name, agent, expected) => {
    expect(path(agent)).toEqual(expected);
  });
});

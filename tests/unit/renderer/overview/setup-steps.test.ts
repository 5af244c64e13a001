import { describe, expect, test } from 'vitest';
import { setupSteps, type StepState } from '../../../../src/renderer/pages/overview/setup-steps';
import type { AgentView } from '../../../../src/shared/api/agent-view';
import { agentView, agentWith, agentWithoutGpu, connecting, modelView, reconnecting, refused } from '../../../fixtures/app-states/agents';
import { gpuView, hardwareView, lostGpu, simulatedGpu } from '../../../fixtures/app-states/gpus';
import { NOW } from '../../../fixtures/app-states/moment';
import { labelsIn } from '../support/labels';

const labels = labelsIn('en');
const marks: Record<StepState, string> = { done: '✓', active: '…', failed: '✕', waiting: '·' };
const path = (agent: AgentView): string[] =>
  setupSteps(agent, labels, NOW).map(
    ({ state, detail }) => `${marks[state]} ${detail.replaceAll('\u00a0', ' ').replace(/\d\d:\d\d$/, 'TIME')}`,
  );

describe('setup steps: each state of the agent -> the steps that are known', () => {
  test.each<readonly [string, AgentView, readonly string[]]>([
    ['a ready node', agentWith('ready'), ['✓ 2 GPUs', '✓ 580.159.03, 2 s ago', '✓ 2 of 4', '✓ 192.168.1.20:7080', '✓ since TIME']],
    [
      'a node warming up, of which all models must be ready',
      agentWith('registering'),
      ['✓ 2 GPUs', '✓ 580.159.03, 2 s ago', '… 2 of 4, checking files', '✓ 192.168.1.20:7080', '… 2 of 3 checks'],
    ],
    [
      'a node degraded for a model that the scheduler wants',
      agentWith('degraded'),
      ['✓ 2 GPUs', '✓ 580.159.03, 2 s ago', '… 2 of 4, checking files', '✓ 192.168.1.20:7080', '✕ 1 failed check'],
    ],
    ['a machine without a GPU', agentWithoutGpu(), ['✕ none usable', '· not yet', '… 2 of 4, checking files', '✕ refused', '· not yet']],
    [
      'a lost link',
      agentView({ link: reconnecting }),
      ['✓ 2 GPUs', '✓ 580.159.03, 2 s ago', '✓ 2 of 4', '✕ connection lost', '· not confirmed'],
    ],
    [
      'a start',
      agentView({ hardware: null, models: [], link: connecting, node_status: null }),
      ['… searching…', '· not yet', '✕ none found', '… connecting…', '· not yet'],
    ],
    [
      'a first run with a simulated GPU',
      agentView({ link: { state: 'idle' }, node_status: null, hardware: hardwareView({ gpus: [simulatedGpu()] }), models: [modelView()] }),
      ['✓ 1 simulated', '✓ simulated GPU', '✓ 1 of 1', '· not in a pool', '· not yet'],
    ],
    [
      'one GPU of two lost and a model broken, before any word of the scheduler',
      agentView({
        hardware: hardwareView({ gpus: [gpuView(), lostGpu()] }),
        models: [modelView({ state: 'error', reason_code: 'size_differs' })],
        node_status: null,
        registered_at: null,
      }),
      ['✓ 2 GPUs', '… 1 of 2 respond', '✕ 0 of 1', '… 192.168.1.20:7080', '· not yet'],
    ],
    [
      'a refusal with a new code',
      agentView({ link: refused('QUOTA'), node_status: null, hardware: hardwareView({ gpus: [lostGpu()] }) }),
      ['✓ 1 GPU', '✕ 0 of 1 respond', '… 2 of 4, checking files', '✕ QUOTA', '· not yet'],
    ],
    ['a node that finishes', agentWith('draining'), ['✓ 2 GPUs', '✓ 580.159.03, 2 s ago', '✓ 2 of 4', '✓ 192.168.1.20:7080', '· draining']],
  ])('%s', (_name, agent, expected) => {
    expect(path(agent)).toEqual(expected);
  });
});

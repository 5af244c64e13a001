import { describe, expect, test } from 'vitest';
import { setupSteps, type StepState } from '../../../../src/renderer/pages/computer/setup-steps';
import type { AgentView } from '../../../../src/shared/api/agent-view';
import type { AppSnapshot } from '../../../../src/shared/api/app-state';
import { agentView, agentWith, agentWithoutGpu, connecting, modelView, reconnecting, refused } from '../../../fixtures/app-states/agents';
import { gpuView, hardwareView, lostGpu, simulatedGpu } from '../../../fixtures/app-states/gpus';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { NOW } from '../../../fixtures/app-states/moment';
import { labelsIn } from '../support/labels';

const labels = labelsIn('en');
const marks: Record<StepState, string> = { done: '✓', active: '…', failed: '✕', waiting: '·' };
const path = (agent: AgentView): string[] =>
  setupSteps(agent, labels, NOW).map(
    ({ state, detail }) => `${marks[state]} ${detail.replaceAll('\u00a0', ' ').replace(/\d\d:\d\d$/, 'TIME')}`,
  );

const agentOf = ({ agent }: Pick<AppSnapshot, 'agent'>): AgentView => {
  if (agent === null) throw new Error('the state has no agent');
  return agent;
};

describe('setup steps: each state of the agent -> the steps that are known', () => {
  test.each<readonly [string, AgentView, readonly string[]]>([
    ['ready node', agentWith('ready'), ['✓ 2 GPUs', '✓ 580.159.03, 2 s ago', '✓ 2 of 4', '✓ 192.168.1.20:7080', '✓ since TIME']],
    [
      'registering node -> all models must be ready',
      agentWith('registering'),
      ['✓ 2 GPUs', '✓ 580.159.03, 2 s ago', '… 2 of 4, checking files', '✓ 192.168.1.20:7080', '… 2 of 3 checks'],
    ],
    [
      'degraded node, required model not ready',
      agentWith('degraded'),
      ['✓ 2 GPUs', '✓ 580.159.03, 2 s ago', '… 2 of 4, checking files', '✓ 192.168.1.20:7080', '✕ 1 failed check'],
    ],
    ['no GPU', agentWithoutGpu(), ['✕ none usable', '· not yet', '… 2 of 4, checking files', '✕ refused', '· not yet']],
    [
      'link lost',
      agentView({ link: reconnecting }),
      ['✓ 2 GPUs', '✓ 580.159.03, 2 s ago', '✓ 2 of 4', '✕ connection lost', '· not confirmed'],
    ],
    [
      'agent starting',
      agentView({ hardware: null, models: [], link: connecting, node_status: null }),
      ['… searching…', '· not yet', '✕ none found', '… connecting…', '· not yet'],
    ],
    [
      'first run with a simulated GPU',
      agentView({ link: { state: 'idle' }, node_status: null, hardware: hardwareView({ gpus: [simulatedGpu()] }), models: [modelView()] }),
      ['✓ 1 simulated', '✓ simulated GPU', '✓ 1 of 1', '· not in a pool', '· not yet'],
    ],
    [
      'one of two GPUs lost, model broken, no status yet',
      agentView({
        hardware: hardwareView({ gpus: [gpuView(), lostGpu()] }),
        models: [modelView({ state: 'error', reason_code: 'size_differs' })],
        node_status: null,
        registered_at: null,
      }),
      ['✓ 2 GPUs', '… 1 of 2 respond', '✕ 0 of 1', '… 192.168.1.20:7080', '· not yet'],
    ],
    [
      'refused with an unknown code',
      agentView({ link: refused('QUOTA'), node_status: null, hardware: hardwareView({ gpus: [lostGpu()] }) }),
      ['✓ 1 GPU', '✕ 0 of 1 respond', '… 2 of 4, checking files', '✕ QUOTA', '· not yet'],
    ],
    [
      'quarantined node -> paused, not accepted',
      agentOf(SITUATIONS.quarantined()),
      ['✓ 2 GPUs', '✓ 580.159.03, 2 s ago', '✓ 2 of 4', '✓ 192.168.1.20:7080', '· paused'],
    ],
    ['draining node', agentWith('draining'), ['✓ 2 GPUs', '✓ 580.159.03, 2 s ago', '✓ 2 of 4', '✓ 192.168.1.20:7080', '· draining']],
  ])('%s', (_name, agent, expected) => {
    expect(path(agent)).toEqual(expected);
  });
});

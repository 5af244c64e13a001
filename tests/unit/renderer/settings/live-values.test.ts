import { expect, test } from 'vitest';
import { liveValues } from '../../../../src/renderer/pages/settings/live-values';
import { agentView, models } from '../../../fixtures/app-states/agents';
import { NOW } from '../../../fixtures/app-states/moment';
import { labelsIn } from '../support/labels';

test('model folders: the models of model servers do not count', () => {
  const agent = agentView();
  expect(agent.models).toHaveLength(5);
  expect(liveValues(labelsIn('en'), agent, null, NOW).get('agent.model_folders')?.text).toBe('4 models found.');
  const served = models().filter(({ folder }) => folder === '');
  expect(liveValues(labelsIn('en'), agentView({ models: served }), null, NOW).get('agent.model_folders')?.text).toBe('0 models found.');
});

// The connection of an agent in one line.
import { expect, test } from 'vitest';
import { linkStatus } from '../../../../src/main/cli/core/link-status';
import { SITUATIONS } from '../../../fixtures/app-states/states';
import { agentView } from '../../../support/app-fakes';

const at = { scheduler_url: 'wss://10.0.0.1:7080', since: 0 } as const;

test.each([
  [{ state: 'idle' }, 'Not connected'],
  [{ state: 'connecting', ...at }, 'Connecting to wss://10.0.0.1:7080'],
  [{ state: 'connected', ...at, latency_ms: 3 }, 'Connected to wss://10.0.0.1:7080'],
  [
    { state: 'reconnecting', ...at, attempt: 2, next_try_at: 0, cause: 'refused' },
    'Not connected to wss://10.0.0.1:7080 (refused), trying again',
  ],
  [{ state: 'refused', ...at, code: 'NO_GPU_AVAILABLE', message: 'x', details: null }, 'Refused by wss://10.0.0.1:7080 (NO_GPU_AVAILABLE)'],
  [{ state: 'refused', ...at, code: 'A\nMAINPID=1', message: 'x', details: null }, 'Refused by wss://10.0.0.1:7080 (A\\u000aMAINPID=1)'],
] as const)('status of the agent: %j', (link, expected) => {
  expect(linkStatus(agentView({ link, node_status: null }))).toBe(expected);
});

test('status of the agent: available without a model -> says so, only while connected', () => {
  const { agent } = SITUATIONS.ready();
  if (agent?.link.state !== 'connected') throw new Error('not connected');
  const connected = `Connected to ${agent.link.scheduler_url}`;
  expect(linkStatus(agent)).toBe(connected);
  expect(linkStatus({ ...agent, models: [] })).toBe(`${connected}, without a model: gets no jobs`);
  expect(linkStatus({ ...agent, models: [], link: { state: 'idle' } })).toBe('Not connected');
});

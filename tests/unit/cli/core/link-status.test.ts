// The connection of an agent in one line.
import { expect, test } from 'vitest';
import { linkStatus } from '../../../../src/main/cli/core/link-status';

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
  expect(linkStatus(link)).toBe(expected);
});

import { expect, test } from 'vitest';
import { reportedValue } from '../../../../src/main/platform/config/private-keys';

test.each([
  ['agent.name', 'kais-tower', '[name]'],
  ['agent.name', null, null],
  ['agent.pause_for_programs', ['secret-game', 'blender'], ['[name]', '[name]']],
  ['agent.full_screen_exceptions', ['secret-game'], ['[name]']],
  ['server.allowed_hosts', ['kai.example.org'], ['[name]']],
  ['runtimes.allowed_hosts', [], []],
  ['runtimes.allowed_hosts', ['kais-tower'], ['[name]']],
  ['agent.scheduler', 'wss://kais-tower.local:7080#pin=sha256-x', 'wss://[name]:7080#pin=sha256-x'],
  ['agent.scheduler', 'wss://192.168.1.20:7080', 'wss://192.168.1.20:7080'],
  ['agent.scheduler', 'ws://[fe80::1]:7080', 'ws://[fe80::1]:7080'],
  ['agent.scheduler', 'kais-tower:7080', '[name]:7080'],
  ['agent.other_schedulers', ['wss://bens-desk.local:7080', '10.0.0.9'], ['wss://[name]:7080', '10.0.0.9']],
  ['runtimes.urls', ['http://localhost:5000', 'http://bob:x@kais-tower/v1'], ['http://localhost:5000', 'http://[name]/v1']],
  ['runtimes.api_key_files', ['http://kais-tower:1=/keys/x'], ['http://[name]:1=/keys/x']],
  ['server.port', 7080, 7080],
])('%s: %j -> %j in a report', (key, value, expected) => {
  expect(reportedValue(key, value)).toEqual(expected);
});

import { expect, test } from 'vitest';
import { poolUseOf } from '../../../../src/main/agent/core/pool-use';

const runtimes = { servers: [{ id: 'ollama', port: 11_434, processNames: ['ollama'], usedAtMonotonicMs: 5 }], jobAtMonotonicMs: 6 };

test.each([
  ['no pool', null, []],
  ['on this machine', 'ws://127.0.0.1:7080', [7080]],
  ['on this machine, IPv6', 'ws://[::1]:7080', [7080]],
  ['on this machine, default port', 'ws://localhost', [80]],
  ['on this machine, default port of TLS', 'wss://localhost', [443]],
  ['on another machine', 'ws://10.0.0.2:7080', []],
])('pool use: scheduler %s', (_title, url, ports) => {
  expect(poolUseOf(7, url === null ? null : new URL(url), runtimes)).toEqual({ pids: [7], ports, ...runtimes });
});

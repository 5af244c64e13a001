import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { machineFingerprint } from '../../../src/main/agent/machine-fingerprint';

test('fingerprint: stable, and contains no host name', async () => {
  const fingerprint = await machineFingerprint();
  expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(await machineFingerprint()).toBe(fingerprint);
  expect(fingerprint).not.toContain(hostname());
});

test.skipIf(process.platform !== 'linux')('fingerprint: does not contain the machine id', async () => {
  const id = (() => {
    try {
      return readFileSync('/etc/machine-id', 'utf8').trim();
    } catch {
      return 'no machine id';
    }
  })();
  expect(await machineFingerprint()).not.toContain(id);
});

test.skipIf(process.platform === 'darwin')('fingerprint: system without an id -> host name and network cards', async () => {
  expect(await machineFingerprint('darwin')).toMatch(/^[0-9a-f]{64}$/);
});

import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { machineFingerprint } from '../../../src/main/agent/machine-fingerprint';

test('is the same each time, and tells nothing of what it is made from', async () => {
  const fingerprint = await machineFingerprint();
  expect(fingerprint).toMatch(/^[0-9a-f]{64}$/);
  expect(await machineFingerprint()).toBe(fingerprint);
  expect(fingerprint).not.toContain(hostname());
});

test.skipIf(process.platform !== 'linux')('does not hold the machine id', async () => {
  const id = (() => {
    try {
      return readFileSync('/etc/machine-id', 'utf8').trim();
    } catch {
      return 'no machine id here';
    }
  })();
  expect(await machineFingerprint()).not.toContain(id);
});

test.skipIf(process.platform === 'darwin')('is made from what is there where the system has no id', async () => {
  expect(await machineFingerprint('darwin')).toMatch(/^[0-9a-f]{64}$/);
});

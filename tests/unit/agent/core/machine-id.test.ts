// The ids of Windows and macOS from outputs of their programs (tests/fixtures/machine-id). The programs were never run.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { idFromIoreg, idFromMachineIdFile, textFromRegistry } from '../../../../src/main/agent/core/machine-id';
import { projectRoot } from '../../../../scripts/paths.mjs';

const fixture = (name: string): string => readFileSync(path.join(projectRoot, 'tests', 'fixtures', 'machine-id', `${name}.txt`), 'utf8');
/** Programs of Windows end their lines so. */
const asOnWindows = (name: string): string => fixture(name).replaceAll('\n', '\r\n');

test('macOS: the UUID, and no serial number', () => {
  expect(idFromIoreg(fixture('ioreg-macbook'))).toBe('1AB2345C-03E4-57D4-A375-1234D48DE123');
});

test('Windows: values of type text, as they are', () => {
  const run = asOnWindows('reg-query-run');
  expect(textFromRegistry(run, 'Greenshot')).toBe('C:\\Program Files\\Greenshot\\Greenshot.exe');
  expect(textFromRegistry(run, 'RTHDVCPL')).toBe('"C:\\Program Files\\Realtek\\Audio\\HDA\\RtkNGUI64.exe" -s');
  expect(textFromRegistry(asOnWindows('reg-query-machine-guid'), 'MachineGuid')).toBe('3f2c1d9e-0000-4000-8000-5a6b7c8d9e0f');
});

test('Windows: value of another type, value that is not there, refused by a policy -> none', () => {
  expect(textFromRegistry(asOnWindows('reg-query-run'), 'SecurityHealth')).toBeNull();
  expect(textFromRegistry(asOnWindows('reg-query-run'), 'MachineGuid')).toBeNull();
  expect(textFromRegistry(asOnWindows('reg-query-disabled'), 'MachineGuid')).toBeNull();
});

test.each([
  ['0123456789abcdef0123456789abcdef\n', '0123456789abcdef0123456789abcdef'],
  ['uninitialized\n', null],
  ['', null],
])('Linux: %j -> %j', (text, id) => {
  expect(idFromMachineIdFile(text)).toBe(id);
});

test.each(['', '"IOPlatformUUID" = ""', '"IOPlatformSerialNumber" = "A01BC3QFQ05D"'])('macOS: %j -> none', (text) => {
  expect(idFromIoreg(text)).toBeNull();
});

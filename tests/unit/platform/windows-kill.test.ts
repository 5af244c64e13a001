import { expect, test } from 'vitest';
import { killCommand } from '../../../src/main/platform/windows-kill';

test('Windows: a process with its children -> taskkill with separate arguments', () => {
  expect(killCommand(4711)).toEqual(['taskkill', ['/T', '/F', '/PID', '4711']]);
});

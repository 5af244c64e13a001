import { describe, expect, test } from 'vitest';
import { hostErrorOf, isPermanent, readChildLine } from '../../../../src/main/hosting/core/child-log';

describe('a line of the child', () => {
  test.each<[string, string, ReturnType<typeof readChildLine>]>([
    [
      'says where it listens',
      '{"level":"info","event":"scheduler_listening","url":"http://0.0.0.0:7080","host":"0.0.0.0","port":7080}',
      { type: 'listening', port: 7080 },
    ],
    [
      'says why it does not start',
      '{"level":"error","event":"start_failed","code":"PORT_IN_USE","port":7080}',
      { type: 'failed', code: 'PORT_IN_USE' },
    ],
    [
      'says so with a code of its own',
      '{"level":"error","event":"start_failed","code":"DATABASE_TOO_NEW"}',
      { type: 'failed', code: 'DATABASE_TOO_NEW' },
    ],
    ['with prose for a code says nothing', '{"level":"error","event":"start_failed","code":"it is broken"}', null],
    ['of another event says nothing, whatever its code', '{"level":"error","event":"x","code":"PORT_IN_USE"}', null],
    ['with an impossible port says nothing', '{"event":"scheduler_listening","port":0}', null],
    ['of prose says nothing', 'Segmentation fault', null],
    ['of broken JSON says nothing', '{"event":', null],
    ['of other JSON says nothing', '[1]', null],
  ])('that %s', (_title, line, news) => {
    expect(readChildLine(line)).toEqual(news);
  });
});

test.each([
  [null, 3, 'CONFIG_INVALID', true],
  [null, 1, 'CRASHED', false],
  [null, null, 'CRASHED', false],
  ['PORT_IN_USE', 1, 'PORT_IN_USE', false],
  ['DATABASE_LOCKED', 1, 'DATABASE_LOCKED', false],
  ['DATABASE_UNREADABLE', 1, 'DATABASE_UNREADABLE', true],
  ['TOKEN_FILE_UNUSABLE', 1, 'TOKEN_FILE_UNUSABLE', true],
] as const)('announced %s with exit code %s is %s, permanent: %s', (announced, exitCode, code, permanent) => {
  expect(hostErrorOf(announced, exitCode)).toBe(code);
  expect(isPermanent(hostErrorOf(announced, exitCode))).toBe(permanent);
});

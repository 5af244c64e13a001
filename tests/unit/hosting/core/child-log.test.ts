import { describe, expect, test } from 'vitest';
import { hostErrorOf, isPermanent, parseChildLine } from '../../../../src/main/hosting/core/child-log';

describe('log line of the child', () => {
  test.each<[string, string, ReturnType<typeof parseChildLine>]>([
    [
      'listening',
      '{"level":"info","event":"scheduler_listening","url":"http://0.0.0.0:7080","host":"0.0.0.0","port":7080}',
      { type: 'listening', port: 7080, secure: false, pin: null, certificateName: null },
    ],
    [
      'listening with TLS',
      '{"event":"scheduler_listening","port":7080,"secure":true,"pin":"sha256-x","certificate_name":null}',
      { type: 'listening', port: 7080, secure: true, pin: 'sha256-x', certificateName: null },
    ],
    ['start failed', '{"level":"error","event":"start_failed","code":"PORT_IN_USE","port":7080}', { type: 'failed', code: 'PORT_IN_USE' }],
    [
      'start failed with another code',
      '{"level":"error","event":"start_failed","code":"DATABASE_TOO_NEW"}',
      { type: 'failed', code: 'DATABASE_TOO_NEW' },
    ],
    ['invalid code -> ignored', '{"level":"error","event":"start_failed","code":"it is broken"}', null],
    ['another event -> ignored', '{"level":"error","event":"x","code":"PORT_IN_USE"}', null],
    ['invalid port -> ignored', '{"event":"scheduler_listening","port":0}', null],
    ['plain text -> ignored', 'Segmentation fault', null],
    ['invalid JSON -> ignored', '{"event":', null],
    ['other JSON -> ignored', '[1]', null],
  ])('%s', (_title, line, event) => {
    expect(parseChildLine(line)).toEqual(event);
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

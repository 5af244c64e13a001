// The messages and exit codes of `muster join`, by the failure.
import { describe, expect, test } from 'vitest';
import type { PoolTarget } from '../../../src/shared/api/join-link';
import { messageContextOf } from '../../../src/main/cli/core/message-context';
import { faultFailure, invitationFailure, linkFault } from '../../../src/main/cli/join-failure';

const TARGET: PoolTarget = { host: '127.0.0.1', port: 1, secure: false, token: null, pin: null };
const CONTEXT = messageContextOf({ npm_package_name: 'muster', npm_lifecycle_event: 'muster' });

describe('invitation', () => {
  test.each([
    ['UNAUTHORIZED', { reason: 'used_up' }, 'the invitation was used up'],
    ['UNAUTHORIZED', { reason: 'expired' }, 'the invitation has expired'],
    ['REVOKED', { reason: 'revoked' }, 'the invitation was revoked'],
    ['UNAUTHORIZED', null, 'the invitation is not known to the pool'],
    ['DISCONNECTED', { cause: 'not_proven' }, 'the program at http://127.0.0.1:1 does not know the invitation. The key was not sent'],
  ])('%s %j -> %s', async (code, details, reason) => {
    expect(await invitationFailure({ code, message: 'message', details }, TARGET, CONTEXT)).toEqual({
      exitCode: 6,
      message: `join: ${reason}. Ask the owner for a new link: npm run -s muster -- invite`,
    });
  });
});

test.each([
  ['http://127.0.0.1:7080/#code=abc', 'this is a link to the dashboard'],
  ['https://192.0.2.1:7080/#code=abc', 'this is a link to the dashboard'],
  ['muster://192.0.2.1:7080/join#pin=sha256-x', 'the link has no key. Put the whole link in quotes: npm run -s muster -- join "LINK"'],
  ['https://192.0.2.1:7080/join#pin=sha256-x', 'the link has no key'],
  ['muster://192.0.2.1:7080', 'the link has no key'],
])('%s -> no request by digits', (operand, text) => {
  expect(linkFault(operand, CONTEXT)).toContain(text);
});

test.each([
  '',
  'our pool',
  '192.0.2.1',
  '192.0.2.1:7080',
  'wss://192.0.2.1:7080#pin=sha256-x',
  'muster://192.0.2.1:7080/join#pin=sha256-x&key=mi_x',
])('"%s" -> joins', (operand) => {
  expect(linkFault(operand, CONTEXT)).toBeNull();
});

describe('no connection', () => {
  const failed = (cause: string) => faultFailure({ code: 'failed', step: 'port', cause }, { host: '192.0.2.1', port: 7080 }, CONTEXT);

  test('refused -> nothing listens; timeout -> a firewall', async () => {
    expect(failed('ECONNREFUSED')).toEqual({
      exitCode: 5,
      message: 'join: nothing listens at 192.0.2.1:7080; is the pool running, and is this its port?',
    });
    expect(failed('timeout').message).toContain('A firewall may block it: run "npm run -s muster -- doctor --network"');
    const refused = { code: 'DISCONNECTED', message: 'message', details: { cause: 'ECONNREFUSED' } };
    expect(await invitationFailure(refused, TARGET, CONTEXT)).toEqual({
      exitCode: 5,
      message: 'join: nothing listens at http://127.0.0.1:1; is the pool running, and is this its port?',
    });
  });

  test('any other cause -> the failing step, and no option that join does not have', async () => {
    const lost = { code: 'DISCONNECTED', message: 'message', details: { cause: 'EHOSTUNREACH' } };
    expect((await invitationFailure(lost, TARGET, CONTEXT)).message).toBe(
      'join: no scheduler can be reached at http://127.0.0.1:1 (EHOSTUNREACH). The failing step is "port": refused',
    );
  });
});

// The messages and exit codes of `muster join`, by the failure.
import { describe, expect, test } from 'vitest';
import type { PoolTarget } from '../../../src/shared/api/join-link';
import { messageContextOf } from '../../../src/main/cli/core/message-context';
import { invitationFailure } from '../../../src/main/cli/join-failure';

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

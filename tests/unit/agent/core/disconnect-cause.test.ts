import { expect, test } from 'vitest';
import { causeOfClose, causeOfError } from '../../../../src/main/agent/core/disconnect-cause';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

test.each([
  [withCode('ECONNREFUSED'), 'refused'],
  [withCode('ETIMEDOUT'), 'timeout'],
  [withCode('ENOTFOUND'), 'name_not_found'],
  [withCode('EAI_AGAIN'), 'name_not_found'],
  [withCode('EHOSTUNREACH'), 'unreachable'],
  [withCode('ENETUNREACH'), 'unreachable'],
  [withCode('ECONNRESET'), 'connection_lost'],
  [withCode('EPERM'), 'blocked'],
  [withCode('DEPTH_ZERO_SELF_SIGNED_CERT'), 'tls'],
  [withCode('ERR_TLS_CERT_ALTNAME_INVALID'), 'tls'],
  [withCode('UNABLE_TO_VERIFY_LEAF_SIGNATURE'), 'tls'],
  [withCode('HPE_INVALID_CONSTANT'), 'not_a_scheduler'],
  [new Error('Invalid Sec-WebSocket-Accept header'), 'not_a_scheduler'],
  [new AggregateError([withCode('ECONNREFUSED'), withCode('ENETUNREACH')]), 'refused'],
  [new Error('socket hang up'), 'network'],
  [null, 'network'],
  ['text', 'network'],
])('disconnect cause: error %o -> %s', (error, cause) => {
  expect(causeOfError(error)).toBe(cause);
});

test.each([
  [1001, 'scheduler_stopping'],
  [1006, 'connection_lost'],
  [1009, 'closed_1009'],
  [4004, 'closed_4004'],
])('disconnect cause: close code %i -> %s', (code, cause) => {
  expect(causeOfClose(code)).toBe(cause);
});

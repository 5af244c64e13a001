// The session that a client names in a header.
import { describe, expect, test } from 'vitest';
import { SESSION_HEADERS, sessionKeyOf } from '../../../../src/main/scheduler/api/session-key';

describe('session key', () => {
  test.each(SESSION_HEADERS)('header %s -> its value', (name) => {
    expect(sessionKeyOf({ [name]: ' session-1 ' })).toBe('session-1');
  });

  test('several headers -> the first of the table; empty ones do not count', () => {
    expect(sessionKeyOf({ session_id: 'codex', 'x-client-request-id': 'request' })).toBe('codex');
    expect(sessionKeyOf({ session_id: ' ', 'thread-id': 'thread' })).toBe('thread');
  });

  test('no header -> none', () => {
    expect(sessionKeyOf({})).toBeNull();
  });
});

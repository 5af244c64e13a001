// The secret of the upgrade: the credential of the member, else the invitation, and the answers that refuse them.
import { describe, expect, test } from 'vitest';
import { loggedState } from '../../../../src/main/agent/session/link-fields';
import { step } from '../../../../src/main/agent/session/session';
import type { SessionEvent, Target } from '../../../../src/main/agent/session/session-state';
import { ackOf } from '../../../support/scripted-scheduler';
import { at, now, URL } from './session-states';

const identity = { nodeId: 'node-1', nodeToken: 'secret-1' };
const target = (secrets: Pick<Target, 'credential' | 'joinToken'>): Target => ({ url: URL, identity, ...secrets });
const failed = (httpStatus: number, errorCode: string | null): SessionEvent => ({
  type: 'connect_failed',
  cause: `http_${String(httpStatus)}`,
  httpStatus,
  errorCode,
  retryAfterMs: null,
});
const secretsAfter = (state: Parameters<typeof step>[0], event: SessionEvent) => {
  const [next, commands] = step(state, event, now);
  const opened = commands.find((command) => command.type === 'open_socket');
  return [
    next.link.state === 'refused' ? next.link.refusal.code : next.link.state,
    opened?.type === 'open_socket' ? (opened.secret ?? null) : null,
  ];
};

describe('connect', () => {
  test.each([
    [{}, null],
    [{ joinToken: 'mi_1' }, 'mi_1'],
    [{ credential: 'mn_1' }, 'mn_1'],
    [{ credential: 'mn_1', joinToken: 'mi_1' }, 'mn_1'],
  ])('%j -> %s', (secrets, expected) => {
    expect(secretsAfter(at('idle'), { type: 'connect_to', target: target(secrets) })).toEqual(['connecting', expected]);
  });
});

describe('token of the node', () => {
  const registered = (withholdsToken: boolean) => {
    const [, commands] = step(at('connecting'), { type: 'socket_opened', withholdsToken }, now);
    return commands.find((command) => command.type === 'register');
  };

  test('shown after the proof, withheld without the proof', () => {
    expect(registered(false)).toEqual({ type: 'register', identity });
    expect(registered(true)).toEqual({ type: 'register', identity: { nodeId: 'node-1', nodeToken: null } });
  });

  test.each([
    ['at the address of the connection', ackOf({ proves_token_at: '127.0.0.1:7080' }), true],
    ['at another port: the port is forwarded', ackOf({ proves_token_at: '127.0.0.1:7081' }), false],
    ['nowhere', ackOf(), false],
  ])('acknowledged, the scheduler proves the token %s -> kept', (_where, message, provesToken) => {
    const [opened] = step(at('connecting'), { type: 'socket_opened', peer: '127.0.0.1:7080' }, now);
    const [next, commands] = step(opened, { type: 'message', message }, now);
    expect(next.target?.identity).toEqual({ ...identity, provesToken });
    expect(commands).toContainEqual({ type: 'save_identity', url: URL, identity: { ...identity, provesToken } });
    const [again] = step(next, { type: 'message', message }, now);
    expect(again.target?.identity).toEqual({ ...identity, provesToken });
  });
});

describe('upgrade refused', () => {
  test.each([
    [401, null, { credential: 'mn_1', joinToken: 'mi_1' }, ['connecting', 'mi_1']],
    [401, null, { credential: 'mn_1' }, ['UNAUTHORIZED', null]],
    [401, null, { credential: null, joinToken: 'mi_1' }, ['UNAUTHORIZED', null]],
    [403, 'REVOKED', { credential: 'mn_1', joinToken: 'mi_1' }, ['connecting', 'mi_1']],
    [403, 'REVOKED', { credential: 'mn_1' }, ['REVOKED', null]],
    [403, 'HOST_NOT_ALLOWED', { credential: 'mn_1' }, ['reconnecting', null]],
  ])('%d %s, %j -> %j', (status, code, secrets, expected) => {
    expect(secretsAfter(at('connecting', { target: target(secrets) }), failed(status, code))).toEqual(expected);
  });
});

test('credential revoked, then the older secret unknown -> refused as REVOKED', () => {
  const [tried] = step(at('connecting', { target: target({ credential: 'mn_2', joinToken: 'mn_1' }) }), failed(403, 'REVOKED'), now);
  expect(tried.link.state).toBe('connecting');
  expect(step(tried, failed(401, null), now)[0].link).toMatchObject({ state: 'refused', refusal: { code: 'REVOKED' } });
});

test('acknowledgement with a credential -> saved, and used at the next connection', () => {
  const message = { ...ackOf(), member_credential: 'mn_2' };
  const [next, commands] = step(at('unregistered', { target: target({ joinToken: 'mi_1' }) }), { type: 'message', message }, now);
  expect(commands).toContainEqual({ type: 'save_credential', url: URL, credential: 'mn_2' });
  expect(next.target?.credential).toBe('mn_2');
});

test('member revoked: socket closed with 4010 -> refused, notice, not woken by a sleep', () => {
  const closed: SessionEvent = { type: 'socket_closed', code: 4010, cause: 'closed_4010', reason: '' };
  const [next, commands] = step(at('registered'), closed, now);
  expect(next.link).toMatchObject({ state: 'refused', refusal: { code: 'REVOKED' } });
  expect(commands).toContainEqual({ type: 'notice', code: 'member_revoked', details: { node_id: 'node-1', scheduler_url: URL } });
  expect(step(next, { type: 'wake' }, now)[0].link).toBe(next.link);
});

describe('role of a node', () => {
  const refusal = { state: 'refused', refusal: { code: 'NOT_A_NODE' } };
  const closed: SessionEvent = { type: 'socket_closed', code: 4012, cause: 'closed_4012', reason: '' };
  const forbidden = failed(403, 'FORBIDDEN');

  test('lost: socket closed with 4012 -> refused, notice, asks again after 30 s', () => {
    const [next, commands] = step(at('registered'), closed, now);
    expect(next.link).toMatchObject(refusal);
    expect(commands).toContainEqual({ type: 'notice', code: 'node_role_lost', details: { node_id: 'node-1', scheduler_url: URL } });
    expect(commands).toContainEqual({ type: 'set_timer', timer: 'backoff', delayMs: 30_000 });
    expect(commands).not.toContainEqual({ type: 'close_socket' });
  });

  test('still lost -> the same refusal since the same time, also while it asks; no second notice', () => {
    const [lost] = step(at('registered', { target: target({ credential: 'mn_1' }) }), closed, now);
    const later = { ...now, wallMs: now.wallMs + 30_000 };
    const [asking] = step(lost, { type: 'timer_due', timer: 'backoff' }, later);
    expect(asking.link).toMatchObject({ state: 'connecting', refused: lost.link });
    // No line in the log for each try.
    expect([loggedState(lost), loggedState(asking)]).toEqual(['refused', 'refused']);
    const [again, commands] = step(asking, forbidden, later);
    expect(again.link).toEqual(lost.link);
    expect(commands.filter(({ type }) => type === 'notice')).toEqual([]);
    expect(commands).toContainEqual({ type: 'set_timer', timer: 'backoff', delayMs: 30_000 });
  });

  test('given again -> registers', () => {
    const [lost] = step(at('registered', { target: target({ credential: 'mn_1' }) }), closed, now);
    const [asking] = step(lost, { type: 'timer_due', timer: 'backoff' }, now);
    expect(step(asking, { type: 'socket_opened' }, now)[0].link).toMatchObject({ state: 'unregistered' });
  });

  test.each([
    ['a member', { credential: 'mn_1' }, refusal],
    ['a newcomer', { joinToken: 'mi_1' }, { state: 'reconnecting' }],
  ])('%s is refused with FORBIDDEN -> %j', (_who, secrets, link) => {
    expect(step(at('connecting', { target: target(secrets) }), forbidden, now)[0].link).toMatchObject(link);
  });
});

// Joining by digits over real sockets with the scheduler of this process: requests of the owner, limits, deadlines and bad peers.
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { WebSocket } from 'ws';
import type { JoinRequestView } from '../../src/shared/api/join-requests';
import { JOIN_TIMEOUT_MS, type JoinClaims } from '../../src/main/joining/core/join-messages';
import { joinByDigits, type JoinClientOptions } from '../../src/main/joining/join-client';
import { joinCrypto, joinerKey } from '../../src/main/joining/join-crypto';
import { systemClock } from '../../src/main/platform/clock';
import { pinOf } from '../../src/main/trust/verify-chain';
import { bearer, OWNER_KEY, sendRequest } from '../support/http-api';
import { caOf, openTls, shared, type SharedScheduler } from '../support/shared-scheduler';

import { until } from '../support/until';

let scheduler: SharedScheduler;
beforeEach(async () => {
  scheduler = await shared();
});
afterEach(() => scheduler.stop());

const CLAIMS: JoinClaims = { name: 'ben-pc', gpus: [{ name: 'RTX 4090', memory_gb: 24 }], roles: ['node', 'client'] };

/** A newcomer whose person answers when the test calls `answer`. */
function newcomer(options: Partial<JoinClientOptions> = {}) {
  let digits: string | null = null;
  let answer: (isSame: boolean) => void = () => undefined;
  const isSame = (shown: string): Promise<boolean> => {
    digits = shown;
    return new Promise((resolve) => {
      answer = resolve;
    });
  };
  const end = joinByDigits(
    { host: '127.0.0.1', port: scheduler.port },
    { claims: CLAIMS, clock: systemClock, isExpected: () => true, isSame, ...options },
  );
  return {
    end,
    answer: (is: boolean) => {
      answer(is);
    },
    compared: () => until('the digits', () => digits),
  };
}

const api = (method: string, path: string, token = OWNER_KEY) =>
  sendRequest(scheduler.port, {
    method,
    path: `/api/v1/join-requests${path}`,
    headers: bearer(token),
    ...(method === 'POST' ? { body: {} } : {}),
  });
const requests = async (): Promise<readonly JoinRequestView[]> =>
  ((await api('GET', '')).json() as { readonly join_requests: readonly JoinRequestView[] }).join_requests;
const request = (): Promise<JoinRequestView> => until('a request', async () => (await requests())[0]);

/** A peer that sends what the test says. */
async function peer() {
  const socket = await openTls(scheduler.port, caOf(scheduler));
  const ws = new WebSocket(`ws://127.0.0.1:${String(scheduler.port)}/ws/join`, { createConnection: () => socket });
  const received: Record<string, unknown>[] = [];
  let closedWith: number | null = null;
  ws.on('message', (data) => received.push(JSON.parse((data as Buffer).toString()) as Record<string, unknown>));
  ws.on('error', () => undefined);
  ws.on('close', (code) => {
    closedWith = code;
  });
  await new Promise((resolve) => ws.once('open', resolve));
  onTestFinished(() => {
    ws.terminate();
  });
  return {
    received,
    send: (message: unknown) => {
      ws.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    closed: () => until('the close', () => closedWith),
  };
}
const hello = () => ({ type: 'hello', key: joinerKey().key, commitment: 'A'.repeat(43) });

describe('owner and newcomer', () => {
  it('same digits, both confirm -> joined with the pin and the credential; request gone; logged without secrets', async () => {
    const ben = newcomer();
    const digits = await ben.compared();
    const shown = await request();
    expect(shown).toMatchObject({ ...CLAIMS, digits, address: '127.0.0.1', approved: false, confirmed: false, looks_like: null });
    expect(await api('POST', `/${shown.id}/approve`)).toMatchObject({ status: 200 });
    expect(await requests()).toMatchObject([{ approved: true, confirmed: false }]);
    ben.answer(true);
    expect(await ben.end).toMatchObject({
      ok: true,
      value: {
        pin: pinOf(caOf(scheduler)),
        outcome: { code: 'joined', approval: { credential: expect.stringMatching(/^mn_/) as unknown } },
      },
    });
    expect(await requests()).toEqual([]);
    const fields = { node_name: 'ben-pc', from: '127.0.0.1' };
    expect(scheduler.log.of('join_requested')).toMatchObject([fields]);
    expect(scheduler.log.of('member_joined')).toMatchObject([{ node_name: 'ben-pc' }]);
    const text = JSON.stringify(scheduler.log.lines);
    // A shorter part of the credential may be in a pin by chance.
    expect([/mn_[\w-]{20}/.test(text), text.includes(digits)]).toEqual([false, false]);
  });

  it.each([
    ['both roles', { roles: ['node', 'client'] }, ['node', 'client']],
    ['a program that gives no roles', {}, ['node']],
  ])('approved, %s -> the newcomer and the list of members have them', async (_how, body, roles) => {
    const ben = newcomer();
    await ben.compared();
    expect(await request()).toMatchObject({ roles: ['node', 'client'] });
    const path = `/api/v1/join-requests/${(await request()).id}/approve`;
    expect((await sendRequest(scheduler.port, { method: 'POST', path, headers: bearer(OWNER_KEY), body })).json()).toMatchObject({ roles });
    expect(await requests()).toMatchObject([{ roles, approved: true }]);
    ben.answer(true);
    expect(await ben.end).toMatchObject({ value: { outcome: { code: 'joined', approval: { roles } } } });
    const members = await sendRequest(scheduler.port, { method: 'GET', path: '/api/v1/members', headers: bearer(OWNER_KEY) });
    expect(members.json()).toMatchObject({ members: [{ name: 'ben-pc', roles }] });
  });

  it('owner denies -> denied; newcomer says different -> different; both logged with the cause', async () => {
    const [first, denied] = [newcomer(), request()];
    await api('POST', `/${(await denied).id}/deny`);
    expect(await first.end).toMatchObject({ value: { outcome: { code: 'denied' } } });
    const second = newcomer();
    await second.compared();
    await request();
    second.answer(false);
    expect(await second.end).toMatchObject({ value: { outcome: { code: 'different' } } });
    await until('the log', () => scheduler.log.of('join_denied').length === 2);
    expect(scheduler.log.of('join_denied')).toMatchObject([{ cause: 'denied' }, { cause: 'different' }]);
  });

  it('owner denies -> the audit log names the computer, not the id', async () => {
    const ben = newcomer();
    await api('POST', `/${(await request()).id}/deny`);
    expect(await ben.end).toMatchObject({ value: { outcome: { code: 'denied' } } });
    const audit = await sendRequest(scheduler.port, { method: 'GET', path: '/api/v1/audit', headers: bearer(OWNER_KEY) });
    const { entries } = audit.json() as { readonly entries: readonly object[] };
    expect(entries[0]).toMatchObject({ action: 'join_request.deny', target: 'ben-pc' });
  });

  it('2 minutes -> expired, request gone, credential never created', async () => {
    const ben = newcomer();
    await ben.compared();
    await api('POST', `/${(await request()).id}/approve`);
    scheduler.clock.advance(JOIN_TIMEOUT_MS);
    expect(await ben.end).toMatchObject({ value: { outcome: { code: 'closed' } } });
    expect(await requests()).toEqual([]);
    expect(scheduler.log.of('member_joined')).toEqual([]);
  });

  it('another pool than the announced one -> nothing sent', async () => {
    expect(await newcomer({ isExpected: () => false }).end).toEqual({ ok: false, error: { code: 'not_the_pool' } });
    expect(await requests()).toEqual([]);
  });

  it('requests: for the owner only; unknown id -> 404', async () => {
    expect((await api('GET', '', scheduler.programKey)).status).toBe(403);
    expect((await api('POST', '/0123456789/approve', scheduler.programKey)).status).toBe(403);
    for (const decision of ['approve', 'deny']) expect((await api('POST', `/0123456789/${decision}`)).status).toBe(404);
  });
});

describe('limits', () => {
  it('3 attempts in 2 minutes -> busy with the time to wait; after it admitted', async () => {
    for (let attempt = 0; attempt < 3; attempt++) {
      const one = await peer();
      one.send(hello());
      await until('the nonce', () => one.received[0]?.['type'] === 'nonce');
      one.send({ type: 'same' });
      await one.closed();
    }
    expect(await newcomer().end).toMatchObject({ value: { outcome: { code: 'busy', retryAfterSeconds: 120 } } });
    expect(scheduler.log.of('limit_reached')).toMatchObject([{ limit: 'join_address', from: '127.0.0.1' }]);
    scheduler.clock.advance(120_000);
    await newcomer().compared();
  });

  it('nothing is shown before the commitment was opened; no hello within 10 s -> closed', async () => {
    const [silent, committed] = [await peer(), await peer()];
    committed.send(hello());
    await until('the nonce', () => committed.received.length);
    expect(await requests()).toEqual([]);
    scheduler.clock.advance(10_000);
    await silent.closed();
    committed.send({ type: 'reveal', nonce: 'B'.repeat(43), proof: 'A'.repeat(86), ...CLAIMS });
    await committed.closed();
    expect(await requests()).toEqual([]);
  });

  it('4th open connection of one address -> busy', async () => {
    for (let index = 0; index < 3; index++) await peer();
    const fourth = await peer();
    await fourth.closed();
    expect(fourth.received).toMatchObject([{ type: 'busy' }]);
  });

  it.each<[string, unknown]>([
    ['not JSON', '{'],
    ['an unknown type', { type: 'approved' }],
    ['a bad key', { ...hello(), key: 'A'.repeat(122) }],
    ['5 kB', { ...hello(), more: 'x'.repeat(5000) }],
    ['deep JSON', '['.repeat(4000)],
  ])('%s -> closed, scheduler goes on', async (_name, message) => {
    const bad = await peer();
    bad.send(message);
    await bad.closed();
    expect(bad.received).toEqual([]);
    expect(await requests()).toEqual([]);
  });

  it('plain connection -> 426', async () => {
    const ws = new WebSocket(`ws://127.0.0.1:${String(scheduler.port)}/ws/join`);
    const status = await new Promise((resolve) =>
      ws
        .on('unexpected-response', (_request, { statusCode }) => {
          resolve(statusCode);
        })
        .on('error', () => undefined),
    );
    expect(status).toBe(426);
    expect(joinCrypto.isKey('A')).toBe(false);
  });
});

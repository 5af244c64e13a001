// The nonce of a joiner (ADR 0021): after a lost answer, an invitation admits the same joiner again, and no other holder of the link.
import { expect, it } from 'vitest';
import type { InviteView } from '../../src/shared/api/members';
import { bearer } from '../support/http-api';
import { registration, TestNode } from '../support/test-node';
import { useKeyedScheduler } from '../support/use-keyed-scheduler';

const pool = useKeyedScheduler();
const { get, invite, members, join, leave } = pool;
const nonceOf = (nonce: string) => ({ 'muster-join-nonce': nonce });
const [OWN_NONCE, OTHER_NONCE] = ['nonce-of-the-tower-1234', 'nonce-of-the-thief-1234'];

it('answer lost -> the same member joins again with the invitation and its nonce', async () => {
  const { key } = await invite();
  const first = await join(key, {}, nonceOf(OWN_NONCE));
  await leave(first.node);
  const again = await join(key, {}, nonceOf(OWN_NONCE));
  expect((await members()).length).toBe(1);
  await expect(TestNode.connect(pool.scheduler.url, bearer(first.ack.member_credential ?? ''))).rejects.toMatchObject({ status: 401 });
  await leave(again.node);
  const used = await join(again.ack.member_credential ?? '');
  await leave(used.node);
  for (const headers of [{}, nonceOf(OWN_NONCE)])
    await expect(TestNode.connect(pool.scheduler.url, { ...bearer(key), ...headers })).rejects.toMatchObject({ status: 401 });
});

it('answer lost, the scheduler restarted or holds the lost connection -> the same member', async () => {
  const { key } = await invite({ uses: 2 });
  const lost = await join(key, {}, nonceOf(OWN_NONCE));
  const second = await join(key, {}, nonceOf(OWN_NONCE));
  lost.node.close();
  await leave(second.node);
  await pool.scheduler.stop();
  await pool.start();
  const third = await join(key, {}, nonceOf(OWN_NONCE));
  expect((await members()).length).toBe(1);
  expect((await get<{ invites: InviteView[] }>('/api/v1/invites')).invites).toMatchObject([{ uses: 1 }]);
  third.node.close();
});

it.each([
  ['with another nonce', nonceOf(OTHER_NONCE)],
  ['without a nonce', {}],
  ['with a nonce of a wrong form', nonceOf('short')],
])('member left before it used its credential, second holder of the link %s -> refused, first credential stays', async (_what, headers) => {
  const { key } = await invite();
  const first = await join(key, {}, nonceOf(OWN_NONCE));
  const before = await members();
  await leave(first.node);
  const thief = await TestNode.connect(pool.scheduler.url, { ...bearer(key), ...headers }).catch((error: unknown) => error);
  if (thief instanceof TestNode) {
    thief.send(registration());
    expect(await thief.closed).toBe(4010);
    expect(thief.received).toEqual([]);
  } else expect(thief).toMatchObject({ status: 401 });
  const back = await join(first.ack.member_credential ?? '', { node_id: first.ack.node_id, node_token: first.ack.node_token });
  expect(back.ack.node_id).toBe(first.ack.node_id);
  expect(await members()).toMatchObject(before.map(({ id, node_id }) => ({ id, node_id })));
  back.node.close();
});

it('first joiner without a nonce -> no second holder gets its place, with a nonce or without', async () => {
  const { key } = await invite();
  const first = await join(key);
  await leave(first.node);
  await expect(TestNode.connect(pool.scheduler.url, { ...bearer(key), ...nonceOf(OTHER_NONCE) })).rejects.toMatchObject({ status: 401 });
  const again = await TestNode.connect(pool.scheduler.url, bearer(key));
  again.send(registration());
  expect(await again.closed).toBe(4010);
  (await join(first.ack.member_credential ?? '')).node.close();
});

// What ends when the owner key is replaced, or a second key with the role owner is revoked.
import { expect, it } from 'vitest';
import { bearer, OWNER_KEY, sendRequest } from '../support/http-api';
import { registration, TestNode } from '../support/test-node';
import { startTestScheduler } from '../support/test-scheduler';

it('owner key replaced -> event streams and node sockets of the old key are closed', async () => {
  let ownerKey = OWNER_KEY;
  const own = await startTestScheduler({ server: { loopback: 'keys' }, ownerKey: () => ownerKey });
  const node = await TestNode.connect(own.url, bearer(OWNER_KEY));
  node.send(registration());
  await node.next('node_register_ack');
  const events = await fetch(`http://127.0.0.1:${String(own.port)}/api/v1/events`, { headers: bearer(OWNER_KEY) });
  ownerKey = 'another-owner-key-of-the-test';
  own.clock.advance(1000);
  expect(await events.text()).toContain('event: error');
  expect(await node.closed).toBe(4010);
  await own.stop();
});

it('owner key replaced -> in the audit log, by the owner from this computer', async () => {
  let ownerKey = OWNER_KEY;
  const own = await startTestScheduler({ server: { loopback: 'keys' }, ownerKey: () => ownerKey });
  ownerKey = 'another-owner-key-of-the-test';
  own.clock.advance(1000);
  const audit = await sendRequest(own.port, { path: '/api/v1/audit', headers: bearer(ownerKey) });
  expect(audit.json()).toMatchObject({
    entries: [{ who: 'owner', who_name: 'owner', action: 'owner_key.replace', target: null, from: 'this computer', count: 1 }],
  });
  await own.stop();
});

it('key with the role owner that a node uses -> its revocation closes the node socket', async () => {
  const scheduler = await startTestScheduler({ server: { loopback: 'keys' } });
  const body = { name: 'second', roles: ['owner'] };
  const created = await sendRequest(scheduler.port, { method: 'POST', path: '/api/v1/keys', body });
  const { key, id } = created.json() as { key: string; id: string };
  const node = await TestNode.connect(scheduler.url, bearer(key));
  node.send(registration());
  await node.next('node_register_ack');
  await sendRequest(scheduler.port, { method: 'DELETE', path: `/api/v1/keys/${id}` });
  expect(await node.closed).toBe(4010);
  await scheduler.stop();
});

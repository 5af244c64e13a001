// Invalid messages of nodes: answered with an error, and no node changes.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeNodeMessage } from '../../../../src/shared/protocol/decode';
import type { NodeMessageInput } from '../../../../src/shared/protocol/node-messages';
import { brokenFrame, SAMPLES } from '../../../support/broken-frames';
import { memoryScheduler } from '../../../support/memory-scheduler';
import { heartbeat, registration } from '../../../support/test-node';

async function poolWithTwoNodes() {
  const parts = memoryScheduler();
  const victim = parts.open();
  // No random message has this name: a node with the same name marks the name of both.
  await victim.session.receive(decoded(registration({ node_id: 'victim', name: 'honest node' })));
  const mine = parts.open();
  await mine.session.receive(decoded(registration({ node_id: 'mine' })));
  for (let i = 0; i < 3; i++) await victim.session.receive(decoded(heartbeat('victim')));
  return { ...parts, mine };
}

function decoded(message: NodeMessageInput) {
  const result = decodeNodeMessage(JSON.stringify(message));
  if (!result.ok) throw new Error(result.error.reason);
  return result.value;
}

describe.each(Object.entries(SAMPLES))('broken %s', (type, sample) => {
  it('random change -> refused with the invalid field, or still a valid message; no other node changes, nothing throws', async () => {
    const { scheduler, open, mine } = await poolWithTwoNodes();
    const victimBefore = JSON.stringify(scheduler.views.node('victim'));
    const unregistered = open();
    await fc.assert(
      fc.asyncProperty(brokenFrame(sample), fc.boolean(), async (text, fromNode) => {
        const { session, link } = fromNode ? mine : unregistered;
        const message = decodeNodeMessage(text);
        if (!message.ok) {
          expect(message.error.reason).not.toBe('');
          expect(message.error.field.length).toBeLessThanOrEqual(256);
          return;
        }
        const before = link.sent.length;
        await session.receive(message.value);
        // A message of a node that is not registered always gets an answer.
        if (!fromNode && unregistered.session.nodeId === null) expect(link.sent.length).toBeGreaterThan(before);
        expect(JSON.stringify(scheduler.views.node('victim'))).toBe(victimBefore);
        expect(({} as Record<string, unknown>)['node_id']).toBeUndefined();
        // A message that is still valid may unregister the node. It registers again, so that every message is allowed.
        if (mine.session.nodeId === null) await mine.session.receive(decoded(registration({ node_id: 'mine' })));
      }),
      { numRuns: type === 'node_register' ? 500 : 2000 },
    );
  });
});

it('registration with the name of another node -> that node changes only in its mark', async () => {
  const { scheduler, open } = await poolWithTwoNodes();
  const before = scheduler.views.node('victim');
  await open().session.receive(decoded(registration({ node_id: 'other', name: 'honest node' })));
  expect(before?.name_conflict).toBeNull();
  expect(scheduler.views.node('victim')).toEqual({ ...before, name_conflict: 'same' });
});

it('accepted registration -> only fields of its schema are kept', async () => {
  const { scheduler, open } = await poolWithTwoNodes();
  const { session } = open();
  const text = JSON.stringify(registration({ node_id: 'new' })).replace(
    '{',
    '{"__proto__":{"status":"ready"},"status":"ready","online":false,',
  );
  const message = decodeNodeMessage(text);
  if (!message.ok) throw new Error(message.error.reason);
  await session.receive(message.value);
  expect(scheduler.views.node('new')).toMatchObject({ status: 'registering', online: true });
});

// One commit ends the writes of many registrations: of new nodes, and of members with a new credential.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, vi } from 'vitest';
import { type NodeRegister, nodeMessageSchema } from '../../../../src/shared/protocol/node-messages';
import { MemoryLink, memoryScheduler } from '../../../support/memory-scheduler';
import { microtasksDone } from '../../../support/microtasks';
import { registration } from '../../../support/test-node';

const NODES = Array.from({ length: 7 }, (_, number) => `node-${String(number)}`);
/** An acknowledgement takes 2 ms. */
const IN_ONE_TURN = 3;

function registering(credential: string | null) {
  const { scheduler, clock, store } = memoryScheduler();
  const acknowledged: string[] = [];
  class SlowLink extends MemoryLink {
    override send(message: Parameters<MemoryLink['send']>[0]): boolean {
      if (message.type === 'node_register_ack') {
        acknowledged.push(message.node_id);
        clock.advance(2);
      }
      return super.send(message);
    }
  }
  const links = NODES.map(() => new SlowLink());
  const register = (tokens: readonly (string | undefined)[] = []) =>
    NODES.map((nodeId, at) => {
      const message = nodeMessageSchema.parse(registration({ node_id: nodeId, node_token: tokens[at] })) as NodeRegister;
      return scheduler.registrations.register(links[at] ?? new SlowLink(), message, null, { memberId: null, credential });
    });
  return { scheduler, store, links, acknowledged, register };
}

it('new nodes are stored together -> accepted in turns of the event loop, in order', async () => {
  const { acknowledged, register } = registering(null);
  const outcomes = register();
  await microtasksDone();
  expect(acknowledged).toEqual(NODES.slice(0, IN_ONE_TURN));
  const nodeIds = (await Promise.all(outcomes)).map((outcome) => outcome.ok && outcome.value.nodeId);
  expect([nodeIds, acknowledged]).toEqual([NODES, NODES]);
});

it('a node disconnects before its turn -> it is removed again', async () => {
  const { scheduler, store, links, acknowledged, register } = registering(null);
  const outcomes = register();
  await microtasksDone();
  links.at(-1)?.close(1000);
  const all = await Promise.all(outcomes);
  expect([all.at(-1)?.ok, acknowledged]).toEqual([false, NODES.slice(0, -1)]);
  expect([scheduler.record(NODES.at(-1) ?? ''), store.nodes.size]).toEqual([undefined, NODES.length - 1]);
});

it('known nodes get new credentials together -> accepted in turns of the event loop, in order', async () => {
  const { acknowledged, register } = registering('credential');
  const tokens = (await Promise.all(register())).map((outcome) => (outcome.ok ? outcome.value.token : undefined));
  acknowledged.length = 0;
  await nextTurn();
  const outcomes = register(tokens);
  await microtasksDone();
  expect(acknowledged).toEqual(NODES.slice(0, IN_ONE_TURN));
  await vi.waitFor(() => {
    expect(acknowledged).toEqual(NODES);
  });
  expect((await Promise.all(outcomes)).every(({ ok }) => ok)).toBe(true);
});

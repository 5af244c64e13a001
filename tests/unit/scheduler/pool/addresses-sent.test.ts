// The addresses of all schedulers of a pool, in the acknowledgement of a registration (protocol §3).
import { expect, it } from 'vitest';
import { nodeRegisterSchema } from '../../../../src/shared/protocol/node-messages';
import { memoryScheduler } from '../../../support/memory-scheduler';
import { registration } from '../../../support/test-node';

async function ackWith(addresses?: () => readonly string[]) {
  const { link, session } = memoryScheduler({}, addresses).open();
  await session.receive(nodeRegisterSchema.parse(registration({ node_id: 'desk' })));
  const ack = link.sent.find((message) => message.type === 'node_register_ack');
  return ack?.type === 'node_register_ack' ? ack.addresses : 'no acknowledgement';
}

it('scheduler alone -> no addresses', async () => {
  expect(await ackWith()).toBeUndefined();
});

it('several schedulers -> their present addresses, at most 16', async () => {
  const many = Array.from({ length: 20 }, (_, i) => `wss://n${String(i)}:7080`);
  expect(await ackWith(() => ['wss://a:7080', 'wss://b:7080'])).toEqual(['wss://a:7080', 'wss://b:7080']);
  expect(await ackWith(() => many)).toEqual(many.slice(0, 16));
});

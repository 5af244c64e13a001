// The judgement of small messages: most messages of a pool are heartbeats.
import { expect, test } from 'vitest';
import { jsonFaultOf } from '../../../../src/shared/protocol/json-structure';
import { cpuMsOf } from '../../../support/cpu-time';
import { heartbeat } from '../../../support/test-node';

const TEXTS = 20_000;
/** Measured: 2.7. With a table of one size for all texts it was 16. */
const MOST_TIMES_PARSING = 6;

test('heartbeats -> their judgement costs little more than their parsing', () => {
  const text = JSON.stringify(heartbeat('node-00000000', { capability_state: { 'model-a': 'ready', 'model-b': 'ready' } }));
  const judged = cpuMsOf(() => {
    for (let i = 0; i < TEXTS; i++) jsonFaultOf(text, { maxDepth: 32, maxCost: 100_000 });
  });
  const parsed = cpuMsOf(() => {
    for (let i = 0; i < TEXTS; i++) JSON.parse(text);
  });
  expect(judged / parsed).toBeLessThan(MOST_TIMES_PARSING);
});

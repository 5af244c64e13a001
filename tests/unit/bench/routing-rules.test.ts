// The rules that the routing benchmark compares with Muster, and the traces.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { agents, generated, mooncake } from '../../../bench/routing/requests';
import { leastConnections, roundRobin, type Rule } from '../../../bench/routing/rules';
import { localAi, olla, sglang, smallCacheAware } from '../../../bench/routing/rules-of-others';
import { VirtualNode } from '../../../bench/routing/virtual-node';
import { VirtualTime } from '../../../bench/routing/virtual-time';
import { temporaryDir } from '../../support/test-scheduler';
import { aRequest, aSpeed } from './bench-requests';

/** Three nodes of one slot with these numbers of requests. */
function nodesWith(...loads: readonly number[]): VirtualNode[] {
  const time = new VirtualTime();
  return loads.map((load, index) => {
    const node = new VirtualNode(index, aSpeed(), time);
    for (let i = 0; i < load; i++)
      node.serve(
        aRequest(),
        () => undefined,
        () => undefined,
      );
    return node;
  });
}

const chosen = (rule: Rule, nodes: readonly VirtualNode[], blocks: readonly number[], nowMs = 0, session: number | null = null): number =>
  rule.choose(aRequest({ blocks, session }), nodes, nowMs).index;

describe('rules', () => {
  test('least connections: the node with the fewest requests that run or wait, the first one of equals', () => {
    expect(chosen(leastConnections(), nodesWith(2, 1, 3), [])).toBe(1);
    expect(chosen(leastConnections(), nodesWith(1, 1, 3), [])).toBe(0);
  });

  test('round robin: one node after the other', () => {
    const rule = roundRobin();
    expect([1, 2, 3, 4].map(() => chosen(rule, nodesWith(0, 0, 0), []))).toEqual([0, 1, 2, 0]);
  });

  test("SGLang's rule: without a match the node that got least text, with a match the node that got it", () => {
    const rule = sglang();
    const nodes = nodesWith(0, 0, 0);
    expect(chosen(rule, nodes, [1, 2, 3])).toBe(0);
    expect(chosen(rule, nodes, [7])).toBe(1);
    expect(chosen(rule, nodes, [8, 9])).toBe(2);
    expect(chosen(rule, nodes, [1, 2, 4])).toBe(0);
    expect(chosen(rule, nodes, [6])).toBe(1);
  });

  test("SGLang's rule: a match counts until the load differs by more than 64", () => {
    const after = (load: number): number => {
      const rule = sglang();
      chosen(rule, nodesWith(0, 0, 0), [1, 2]);
      return chosen(rule, nodesWith(load, 0, 0), [1, 2]);
    };
    expect([after(64), after(65)]).toEqual([0, 1]);
  });

  test('small cache-aware rule: a match counts until the load differs by more than 2', () => {
    const after = (load: number): number => {
      const rule = smallCacheAware();
      chosen(rule, nodesWith(0, 0, 0), [1, 2]);
      return chosen(rule, nodesWith(load, 0, 0), [1, 2]);
    };
    expect([after(2), after(3)]).toEqual([0, 1]);
  });

  test("LocalAI's rule: a known beginning goes to its node, while this has at most 1.5 times the least load and one more", () => {
    const after = (load: number): number => {
      const rule = localAi();
      chosen(rule, nodesWith(0, 0, 0), [1, 2]);
      return chosen(rule, nodesWith(load, 0, 0), [1, 2, 3]);
    };
    expect([after(1), after(2)]).toEqual([0, 1]);
  });

  test("LocalAI's rule: prompts that are equal in the first 16 KiB are the same, and are forgotten after 5 minutes", () => {
    const rule = localAi();
    const nodes = nodesWith(0, 0, 0);
    const first = [1, 2, 3, 4, 5, 6, 7, 8];
    expect(chosen(rule, nodes, [...first, 20])).toBe(0);
    expect(chosen(rule, nodes, [50])).toBe(1);
    expect(chosen(rule, nodes, [...first, 30], 300_000)).toBe(0);
    // Now only the beginnings of the last prompt are known, on node 0.
    expect(chosen(rule, nodes, [50], 300_001)).toBe(1);
  });

  test("Olla's rule: a session or a first block stays on its node for ten minutes after its last use", () => {
    const rule = olla();
    expect(chosen(rule, nodesWith(1, 0, 1), [1], 0, 5)).toBe(1);
    expect(chosen(rule, nodesWith(0, 9, 1), [2], 600_000, 5)).toBe(1);
    expect(chosen(rule, nodesWith(0, 9, 1), [2], 1_200_001, 5)).toBe(0);
    expect(chosen(rule, nodesWith(1, 1, 0), [3, 4])).toBe(2);
    expect(chosen(rule, nodesWith(0, 0, 9), [3, 5])).toBe(2);
  });
});

describe('traces', () => {
  const folder = temporaryDir();
  afterAll(() => {
    folder.remove();
  });

  test('traces: requests of Mooncake with one arrival time are spread until the next time, and stretched to the rate', () => {
    const file = path.join(folder.dir, 'trace.jsonl');
    const line = (timestamp: number) => JSON.stringify({ timestamp, input_length: 10, output_length: 0, hash_ids: [0] });
    writeFileSync(file, [0, 0, 0, 3000, 6000, 6000].map(line).join('\n'));
    // 6 requests in 6 s: stretched to 6 requests in one minute.
    expect(mooncake(file, 6).map(({ atSeconds }) => atSeconds)).toEqual([0, 10, 20, 30, 60, 60]);
    expect(mooncake(file, 6, 'bursts').map(({ atSeconds }) => atSeconds)).toEqual([0, 0, 0, 30, 60, 60]);
    expect(mooncake(file, 6)[0]).toMatchObject({ promptTokens: 10, outputTokens: 1, blocks: [0] });
  });

  test('traces: generated requests are the same in each run, with the given mean rate', () => {
    const requests = generated(2000, 30);
    expect(requests).toEqual(generated(2000, 30));
    expect((requests.at(-1)?.atSeconds ?? NaN) / 60).toBeCloseTo(2000 / 30, -1);
  });

  test('traces: agents share the system prompt, and each turn goes on with the prompt before it', () => {
    const [first, second] = agents(2, 2);
    const other = agents(2, 2)[2];
    expect(first?.next).toBe(second);
    expect(second?.blocks.slice(0, first?.blocks.length)).toEqual(first?.blocks);
    expect(other?.blocks[0]).toBe(first?.blocks[0]);
    expect(other?.blocks.at(-1)).not.toBe(first?.blocks.at(-1));
  });
});

// The rules of other programs, re-implemented from public descriptions (read in November 2026) and named after the programs. They are not
// these programs. Where several nodes are equal, the first one is chosen; in the mixed pool this is the fastest one, which helps these rules.
//
// SGLang: the head of `sgl-router/src/policies/cache_aware.rs` in sgl-project/sglang, and the defaults of its Model Gateway.
// LocalAI: mudler/LocalAI pull request 10071, and there `select.go`, `config.go`, `extractor.go` and `index.go` in
// `core/services/nodes/prefixcache`, and `pkg/radixtree`.
// Olla: https://thushan.github.io/olla/concepts/sticky-sessions/
import { CHUNK_CHARACTERS } from '../../src/main/scheduler/dispatch/prediction/request-shape';
import type { BenchRequest } from './requests';
import { leastConnections, loadOf, lowest, type Rule } from './rules';
import type { VirtualNode } from './virtual-node';

const MS_PER_SECOND = 1000;
/** Least share of the prompt that must match, in SGLang and LocalAI. */
const LEAST_MATCH = 0.3;
/** SGLang: characters that are remembered of a node at most (2^26), in blocks. */
const SGLANG_BLOCKS = 2 ** 26 / CHUNK_CHARACTERS;
/** SGLang: what is above this is forgotten at this interval. */
const SGLANG_FORGETS_EVERY_MS = 120 * MS_PER_SECOND;

/** Above the limit, a router forgets what it sent longest ago, at an interval. */
interface Memory {
  readonly limitOf: (node: VirtualNode) => number;
  readonly forgetsEveryMs: number;
}

/** The blocks that a router sent to a node, those that it sent longest ago first. */
class SentBlocks {
  readonly #byNode = new Map<number, Set<number>>();
  readonly #memory: Memory;
  #forgotAtMs = 0;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  size(node: VirtualNode): number {
    return this.#byNode.get(node.index)?.size ?? 0;
  }

  /** The share of the prompt that the node was sent before. */
  matchOf(node: VirtualNode, { blocks }: BenchRequest): number {
    const known = this.#byNode.get(node.index);
    const missing = blocks.findIndex((block) => known?.has(block) !== true);
    return blocks.length === 0 ? 0 : (missing === -1 ? blocks.length : missing) / blocks.length;
  }

  sent(node: VirtualNode, { blocks }: BenchRequest, nodes: readonly VirtualNode[], nowMs: number): void {
    const known = this.#byNode.get(node.index) ?? new Set<number>();
    this.#byNode.set(node.index, known);
    for (const block of blocks.toReversed()) {
      known.delete(block);
      known.add(block);
    }
    if (nowMs - this.#forgotAtMs < this.#memory.forgetsEveryMs) return;
    this.#forgotAtMs = nowMs;
    for (const each of nodes) this.#shrink(each);
  }

  #shrink(node: VirtualNode): void {
    const known = this.#byNode.get(node.index) ?? new Set<number>();
    for (const oldest of known) {
      if (known.size <= this.#memory.limitOf(node)) return;
      known.delete(oldest);
    }
  }
}

interface CacheAware {
  /** The load counts as unbalanced when the highest is more than the lowest by `absolute`, and more than `relative` times the lowest. */
  readonly absolute: number;
  readonly relative: number;
  readonly memory: Memory;
  /** Without a match: the node with the lowest value. */
  readonly withoutMatch: (sent: SentBlocks) => (node: VirtualNode) => number;
}

/** The best match, else the node that was sent least text; the least loaded node when the load is unbalanced. */
export const sglang = (): Rule =>
  cacheAware({
    absolute: 64,
    relative: 1.5,
    memory: { limitOf: () => SGLANG_BLOCKS, forgetsEveryMs: SGLANG_FORGETS_EVERY_MS },
    withoutMatch: (sent) => (node) => sent.size(node),
  });

/**
 * No program's rule: that of SGLang with the limits of LocalAI, the least loaded node without a match, and the true size of each cache.
 */
export const smallCacheAware = (): Rule =>
  cacheAware({
    absolute: 2,
    relative: 1.5,
    memory: { limitOf: ({ speed }) => speed.blocks, forgetsEveryMs: 0 },
    withoutMatch: () => loadOf,
  });

function cacheAware({ absolute, relative, memory, withoutMatch }: CacheAware): Rule {
  const sent = new SentBlocks(memory);
  const chosen = (request: BenchRequest, nodes: readonly VirtualNode[]): VirtualNode => {
    const loads = nodes.map(loadOf);
    const [most, least] = [Math.max(...loads), Math.min(...loads)];
    if (most - least > absolute && most > relative * least) return lowest(nodes, loadOf);
    const best = lowest(nodes, (node) => -sent.matchOf(node, request));
    return sent.matchOf(best, request) > LEAST_MATCH ? best : lowest(nodes, withoutMatch(sent));
  };
  return {
    choose(request, nodes, nowMs) {
      const node = chosen(request, nodes);
      sent.sent(node, request, nodes, nowMs);
      return node;
    },
  };
}

/** LocalAI compares the first 64 windows of 256 bytes. */
const LOCALAI_BLOCKS = (64 * 256) / CHUNK_CHARACTERS;
const LOCALAI_KEPT_MS = 300 * MS_PER_SECOND;
const LOCALAI_HALF_LIFE_MS = 120 * MS_PER_SECOND;

/**
 * Nodes with at most two requests more than the least loaded one, and at most 1.5 times its requests and one, may be chosen. Of these the
 * one that got the longest known beginning of the prompt last, else the one that got the fewest beginnings lately.
 */
export function localAi(): Rule {
  /** The node that got a beginning last, and when. */
  const known = new Map<string, { readonly node: VirtualNode; readonly atMs: number }>();
  return {
    choose(request, nodes, nowMs) {
      for (const [beginning, { atMs }] of known) if (nowMs - atMs > LOCALAI_KEPT_MS) known.delete(beginning);
      const beginnings = beginningsOf(request);
      const least = Math.min(...nodes.map(loadOf));
      const allowed = nodes.filter(({ load }) => load <= least + 2 && load <= 1.5 * least + 1);
      const longest = beginnings.findLastIndex((beginning) => known.has(beginning));
      const match = longest + 1 >= LEAST_MATCH * beginnings.length ? known.get(beginnings[longest] ?? '')?.node : undefined;
      const recent = new Map<VirtualNode, number>();
      for (const { node, atMs } of known.values())
        recent.set(node, (recent.get(node) ?? 0) + 0.5 ** ((nowMs - atMs) / LOCALAI_HALF_LIFE_MS));
      const node = match !== undefined && allowed.includes(match) ? match : lowest(allowed, (each) => recent.get(each) ?? 0);
      for (const beginning of beginnings) known.set(beginning, { node, atMs: nowMs });
      return node;
    },
  };
}

/** One block, two blocks, and so on. A prompt that is shorter than a block differs from all others. */
function beginningsOf({ blocks, id }: BenchRequest): string[] {
  if (blocks.length === 0) return [`prompt ${String(id)}`];
  return blocks.slice(0, LOCALAI_BLOCKS).map((_, i) => blocks.slice(0, i + 1).join(' '));
}

const OLLA_KEPT_MS = 600 * MS_PER_SECOND;

/**
 * A key stays on its node while it is used every ten minutes. The key is the session that the client names, else the first 512 bytes of
 * the messages; a new key goes to the least loaded node. (Olla's own session header is assumed here, although agents do not send it.)
 */
export function olla(): Rule {
  const nodeOfKey = new Map<string, { readonly node: VirtualNode; readonly atMs: number }>();
  const balancer = leastConnections();
  return {
    choose(request, nodes, nowMs) {
      const { session, blocks, id } = request;
      // Prompts that are shorter than a block are all different.
      const key = session === null ? `prefix ${String(blocks[0] ?? `of ${String(id)}`)}` : `session ${String(session)}`;
      const known = nodeOfKey.get(key);
      const node = known !== undefined && nowMs - known.atMs <= OLLA_KEPT_MS ? known.node : balancer.choose(request, nodes, nowMs);
      nodeOfKey.set(key, { node, atMs: nowMs });
      return node;
    },
  };
}

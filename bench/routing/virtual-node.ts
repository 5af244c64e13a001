// A node of a timing model: each slot processes its prompt and then generates its answer at fixed rates. Blocks of prompts stay in a cache
// until newer ones take their place; the end of a prompt leaves before its beginning. The first request loads the model.
import type { Clock } from '../../src/main/platform/clock';
import { BLOCK_TOKENS, type BenchRequest } from './requests';

export interface NodeSpeed {
  readonly promptPerSecond: number;
  readonly outputPerSecond: number;
  readonly slots: number;
  /** Size of the cache, in blocks. */
  readonly blocks: number;
  readonly loadSeconds: number;
}

/** What one request took, as a node reports it. */
export interface Served {
  readonly queueMs: number;
  readonly loadMs: number;
  readonly promptMs: number;
  readonly cachedTokens: number;
  readonly outputMs: number;
}

type NodeClock = Pick<Clock, 'monotonicMs' | 'setTimer'>;

const MS_PER_SECOND = 1000;

export class VirtualNode {
  readonly index: number;
  readonly speed: NodeSpeed;
  readonly #time: NodeClock;
  readonly #cache = new Set<number>();
  readonly #queue: (() => void)[] = [];
  #running = 0;
  #loadedAtMs: number | null = null;

  constructor(index: number, speed: NodeSpeed, time: NodeClock) {
    this.index = index;
    this.speed = speed;
    this.#time = time;
  }

  /** Requests that run or wait here. */
  get load(): number {
    return this.#running + this.#queue.length;
  }

  get isFull(): boolean {
    return this.#running >= this.speed.slots;
  }

  /** Waits in the node while it is full. */
  serve(request: BenchRequest, onFirstToken: () => void, onEnd: (served: Served) => void): void {
    const arrivedAtMs = this.#time.monotonicMs();
    const start = (): void => {
      this.#run(request, this.#time.monotonicMs() - arrivedAtMs, onFirstToken, onEnd);
    };
    if (this.isFull) this.#queue.push(start);
    else start();
  }

  #run(request: BenchRequest, queueMs: number, onFirstToken: () => void, onEnd: (served: Served) => void): void {
    this.#running++;
    const { promptPerSecond, outputPerSecond, loadSeconds } = this.speed;
    this.#loadedAtMs ??= this.#time.monotonicMs() + loadSeconds * MS_PER_SECOND;
    const loadMs = Math.max(0, this.#loadedAtMs - this.#time.monotonicMs());
    this.#time.setTimer(loadMs, () => {
      const cachedTokens = Math.min(this.#cachedBlocks(request.blocks) * BLOCK_TOKENS, request.promptTokens - 1);
      this.#keep(request.blocks);
      const promptMs = ((request.promptTokens - cachedTokens) / promptPerSecond) * MS_PER_SECOND;
      const outputMs = (request.outputTokens / outputPerSecond) * MS_PER_SECOND;
      this.#time.setTimer(promptMs, onFirstToken);
      this.#time.setTimer(promptMs + outputMs, () => {
        this.#running--;
        this.#queue.shift()?.();
        onEnd({ queueMs, loadMs, promptMs, cachedTokens, outputMs });
      });
    });
  }

  #cachedBlocks(blocks: readonly number[]): number {
    const missing = blocks.findIndex((block) => !this.#cache.has(block));
    return missing === -1 ? blocks.length : missing;
  }

  #keep(blocks: readonly number[]): void {
    for (const block of blocks.toReversed()) {
      this.#cache.delete(block);
      this.#cache.add(block);
    }
    for (const oldest of this.#cache) {
      if (this.#cache.size <= this.speed.blocks) return;
      this.#cache.delete(oldest);
    }
  }
}

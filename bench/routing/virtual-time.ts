// A clock whose time passes from event to event, so that an hour of traffic takes seconds.
import type { Clock, Timer } from '../../src/main/platform/clock';

interface Event {
  readonly atMs: number;
  /** Of events at the same time, the first that was set comes first. */
  readonly seq: number;
  readonly callback: () => void;
  isCancelled: boolean;
}

export class VirtualTime implements Clock {
  readonly #heap: Event[] = [];
  #nowMs = 0;
  #seq = 0;

  readonly monotonicMs = (): number => this.#nowMs;
  readonly wallMs = (): number => this.#nowMs;

  setTimer(delayMs: number, callback: () => void): Timer {
    const event: Event = { atMs: this.#nowMs + Math.max(0, delayMs), seq: this.#seq++, callback, isCancelled: false };
    this.#push(event);
    return {
      cancel: () => {
        event.isCancelled = true;
      },
    };
  }

  /** Until nothing is left to happen. */
  run(): void {
    for (let event = this.#pop(); event !== undefined; event = this.#pop()) {
      if (event.isCancelled) continue;
      this.#nowMs = event.atMs;
      event.callback();
    }
  }

  #push(event: Event): void {
    const heap = this.#heap;
    let at = heap.push(event) - 1;
    for (let parent = (at - 1) >> 1; at > 0 && isBefore(event, heap[parent]); parent = (at - 1) >> 1) {
      heap[at] = heap[parent] as Event;
      at = parent;
    }
    heap[at] = event;
  }

  #pop(): Event | undefined {
    const heap = this.#heap;
    const top = heap[0];
    const last = heap.pop();
    if (top === undefined || last === undefined || heap.length === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (isBefore(heap[child + 1], heap[child])) child++;
      if (!isBefore(heap[child], last)) break;
      heap[at] = heap[child] as Event;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

const isBefore = (a: Event | undefined, b: Event | undefined): boolean =>
  a !== undefined && b !== undefined && (a.atMs < b.atMs || (a.atMs === b.atMs && a.seq < b.seq));

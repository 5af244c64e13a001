// Assigns an index to each offered adapter: its previous one, else nvidia-smi's, else the next free. Refused adapters have none.
import type { GpuAdapter } from '../parse/types';

/** Indexes are unique, and a known card keeps its index when other cards come or go. */
export function numberAdapters(adapters: readonly GpuAdapter[], before: readonly GpuAdapter[]): readonly GpuAdapter[] {
  const previous = new Map(before.map((adapter) => [adapter.key, adapter.index]));
  const offered = adapters.filter((adapter) => adapter.verdict.accepted);
  const assigned = new Map<string, number>();
  const taken = new Set<number>();
  const assign = (preferred: (adapter: GpuAdapter) => number | null): void => {
    for (const adapter of offered) {
      const index = assigned.has(adapter.key) ? null : preferred(adapter);
      if (index === null || taken.has(index)) continue;
      assigned.set(adapter.key, index);
      taken.add(index);
    }
  };
  assign((adapter) => previous.get(adapter.key) ?? null);
  assign((adapter) => adapter.index);
  assign(() => {
    let next = 0;
    while (taken.has(next)) next += 1;
    return next;
  });
  return adapters.map((adapter) => ({ ...adapter, index: assigned.get(adapter.key) ?? null }));
}

// The number each offered adapter goes by: the one it had, else nvidia-smi's, else the next free. Refused ones have none. Pure.
import type { GpuAdapter } from '../parse/types';

/** No two get the same number, and a card that was known keeps its own when others come or go. */
export function numberAdapters(adapters: readonly GpuAdapter[], before: readonly GpuAdapter[]): readonly GpuAdapter[] {
  const had = new Map(before.map((adapter) => [adapter.key, adapter.index]));
  const offered = adapters.filter((adapter) => adapter.verdict.accepted);
  const given = new Map<string, number>();
  const taken = new Set<number>();
  const give = (wish: (adapter: GpuAdapter) => number | null): void => {
    for (const adapter of offered) {
      const index = given.has(adapter.key) ? null : wish(adapter);
      if (index === null || taken.has(index)) continue;
      given.set(adapter.key, index);
      taken.add(index);
    }
  };
  give((adapter) => had.get(adapter.key) ?? null);
  give((adapter) => adapter.index);
  give(() => {
    let next = 0;
    while (taken.has(next)) next += 1;
    return next;
  });
  return adapters.map((adapter) => ({ ...adapter, index: given.get(adapter.key) ?? null }));
}

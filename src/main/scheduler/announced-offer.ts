// What the announcement of a pool says about it (ADR 0022): the GPUs of the nodes that are connected, and the models that are ready.
import type { PoolOffer } from '../joining/core/dns-records';
import type { Clock } from '../platform/clock';
import { countedGpus } from './nodes/core/node-use';
import type { PoolViews } from './pool/pool-views';

/** At most one count in this time. Newcomers ask every 5 s, and anybody in the network may ask more often. */
const COUNT_INTERVAL_MS = 5000;
/** An older count is left out: the first question after a quiet hour is answered without one. */
const MAX_AGE_MS = 15_000;

/** Each call begins a count when one is due, for the next call: a count takes several turns of the event loop. */
export function announcedOffer(views: Pick<PoolViews, 'records' | 'readyModels'>, clock: Clock): () => PoolOffer {
  let counted: { readonly offer: PoolOffer; readonly atMonotonicMs: number } | null = null;
  let begunAtMonotonicMs = -Infinity;
  const count = async (): Promise<void> => {
    const models = (await views.readyModels()).length;
    let gpus = 0;
    for (const { online, profile } of views.records()) if (online) gpus += countedGpus(profile);
    counted = { offer: { gpus, models }, atMonotonicMs: clock.monotonicMs() };
  };
  return () => {
    const nowMonotonicMs = clock.monotonicMs();
    if (nowMonotonicMs - begunAtMonotonicMs >= COUNT_INTERVAL_MS) {
      begunAtMonotonicMs = nowMonotonicMs;
      // The next count that is due can succeed.
      void count().catch(() => undefined);
    }
    return counted !== null && nowMonotonicMs - counted.atMonotonicMs <= MAX_AGE_MS ? counted.offer : {};
  };
}

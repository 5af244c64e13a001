// The place of a queued job among those that may take the same nodes, and the predicted wait until it starts.
import { runModelOf } from '../dispatch/job-requirements';
import { nextSlotMs } from '../dispatch/next-slot';
import type { RequestForecasts } from '../nodes/request-forecasts';
import type { JobTable } from './job-table';
import { type JobRecord, waitingFacts } from './machine/job-record';
import type { QueuePlaces } from './machine/queue-places';
import type { NodePool } from './node-pool';

export interface JobPlace {
  readonly ahead: number;
  /** Null: not known. */
  readonly waitMs: number | null;
}

interface JobPlaceOptions {
  readonly table: Pick<JobTable, 'waiting'>;
  readonly pool: Pick<NodePool, 'record' | 'now'> & { readonly dispatcher: { readonly requests: Pick<RequestForecasts, 'isMeasured'> } };
  /** Those of a list share what they read. */
  readonly places: Pick<QueuePlaces, 'ahead'>;
}

/** `full`: the nodes that only lack a slot, with some of them by id. Those stand for all. */
export function placeOf(
  record: JobRecord,
  full: { readonly count: number; readonly examples: readonly string[] } | undefined,
  { table: { waiting }, pool, places }: JobPlaceOptions,
): JobPlace {
  const nodes = (full?.examples ?? []).map((nodeId) => pool.record(nodeId)).filter((node) => node !== undefined);
  const ahead = places.ahead(waitingFacts(record), nodes);
  const aheadOnThese = Math.floor((ahead * nodes.length) / Math.max(1, nodes.length, full?.count ?? 0));
  // The jobs before it are likely of its model. The mean time of other models says nothing of them, and neither does a load of the model.
  const model = runModelOf(waitingFacts(record).requirements);
  if (model !== null && !pool.dispatcher.requests.isMeasured(model)) return { ahead, waitMs: null };
  const waitMs = nextSlotMs(nodes, aheadOnThese, pool.now().monotonicMs, waiting.shares.measuredUsualMs);
  return { ahead, waitMs };
}

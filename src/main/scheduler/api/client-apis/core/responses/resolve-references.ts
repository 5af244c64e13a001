// Items of an input that only name an earlier item (`item_reference`). Some clients send these instead of the items that they received.
import { fail, ok, type Result } from '../../../../../../shared/result';
import type { Untranslatable } from '../client-api';
import type { ResponsesBody } from './request';
import type { Json } from './tools';

export interface Resolved {
  readonly body: ResponsesBody;
  /** The items that the request only named. */
  readonly references: readonly Json[];
}

/**
 * The request with the items themselves. `keptItems`: those of the key, by their ids. Each item is named once, so that a request is not larger
 * than what is kept.
 */
export function withItems(body: ResponsesBody, keptItems: () => ReadonlyMap<string, Json>): Result<Resolved, Untranslatable> {
  if (typeof body.input === 'string' || !body.input.some(isReference)) return ok({ body, references: [] });
  const kept = keptItems();
  const named = new Set<string>();
  const references: Json[] = [];
  const input: Json[] = [];
  for (const [index, item] of body.input.entries()) {
    if (!isReference(item)) {
      input.push(item);
      continue;
    }
    const id = String(item['id']);
    const found = kept.get(id);
    if (found === undefined) return fail({ field: `input[${String(index)}].id`, reason: 'no such item is kept' });
    if (named.has(id)) return fail({ field: `input[${String(index)}].id`, reason: 'an earlier item_reference has the same id' });
    named.add(id);
    references.push(found);
    input.push(found);
  }
  return ok({ body: { ...body, input }, references });
}

const isReference = (item: Json): boolean => item['type'] === 'item_reference';

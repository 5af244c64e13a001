// Items of an input that only name an earlier item (`item_reference`). Some clients send these instead of the items that they received.
import { fail, ok, type Result } from '../../../../../../shared/result';
import type { Untranslatable } from '../client-api';
import type { ResponsesBody } from './request';
import type { Json } from './tools';

/** The request with the items themselves. `keptItems`: those of the key, by their ids. */
export function withItems(body: ResponsesBody, keptItems: () => ReadonlyMap<string, Json>): Result<ResponsesBody, Untranslatable> {
  if (typeof body.input === 'string' || !body.input.some(isReference)) return ok(body);
  const kept = keptItems();
  const input: Json[] = [];
  for (const [index, item] of body.input.entries()) {
    const found = isReference(item) ? kept.get(String(item['id'])) : item;
    if (found === undefined) return fail({ field: `input[${String(index)}].id`, reason: 'no such item is kept' });
    input.push(found);
  }
  return ok({ ...body, input });
}

const isReference = (item: Json): boolean => item['type'] === 'item_reference';

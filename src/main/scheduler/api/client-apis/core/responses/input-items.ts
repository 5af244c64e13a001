// The items of an input as `GET /v1/responses/{response_id}/input_items` lists them: each with an id and a type, texts as parts, in pages.
import { itemsOf } from './messages';
import type { Json } from './tools';

export interface ItemsPage {
  readonly order: 'asc' | 'desc';
  readonly limit: number;
  /** The id of the last item of the page before. */
  readonly after: string | null;
}

export interface ItemList {
  readonly object: 'list';
  readonly data: readonly Json[];
  readonly first_id: string | null;
  readonly last_id: string | null;
  readonly has_more: boolean;
}

type ListedItem = Json & { readonly id: string };

/** Null: no item has the id `after`. */
export function listInput(input: string | readonly Json[], responseId: string, { order, limit, after }: ItemsPage): ItemList | null {
  const items = itemsOf(input).map((item, index) => listed(item, `${responseId.replace(/^resp_/, '')}_in${String(index)}`));
  const ordered = order === 'asc' ? items : items.reverse();
  const start = after === null ? 0 : ordered.findIndex(({ id }) => id === after) + 1;
  if (after !== null && start === 0) return null;
  const data = ordered.slice(start, start + limit);
  const ends = { first_id: data[0]?.id ?? null, last_id: data.at(-1)?.id ?? null };
  return { object: 'list', data, ...ends, has_more: start + data.length < ordered.length };
}

function listed(item: Json, suffix: string): ListedItem {
  const type = item['type'] ?? 'message';
  const id = typeof item['id'] === 'string' ? item['id'] : `${type === 'message' ? 'msg' : 'item'}_${suffix}`;
  const { content } = item;
  const kind = item['role'] === 'assistant' ? 'output_text' : 'input_text';
  const parts = typeof content === 'string' ? { content: [{ type: kind, text: content }] } : {};
  return { ...item, ...parts, type, id };
}

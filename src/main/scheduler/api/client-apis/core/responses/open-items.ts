// The items of an answer while they are written: what each is when it begins and when it is complete.
import type { ChatCitation, ChatLogprob } from './chat-chunk';
import { sealedReasoning } from './messages';
import type { ObjectScan } from './object-scan';
import { customInputOf, type Json, type NamedTool, shellActionOf } from './tools';

export interface OpenText {
  readonly kind: 'reasoning' | 'message' | 'refusal';
  readonly id: string;
  readonly outputIndex: number;
  readonly text: string;
  readonly logprobs: Pieces;
  readonly annotations: Pieces;
}

/** A list that grows by pieces, which are not copied each time. */
export interface Pieces {
  readonly before: Pieces | null;
  readonly last: readonly Json[];
  readonly count: number;
}

export const NO_PIECES: Pieces = { before: null, last: [], count: 0 };
export const withPiece = (before: Pieces, last: readonly Json[]): Pieces =>
  last.length === 0 ? before : { before, last, count: before.count + last.length };

export function listOf(pieces: Pieces): readonly Json[] {
  const lists: (readonly Json[])[] = [];
  for (let each: Pieces | null = pieces; each !== null; each = each.before) lists.push(each.last);
  return lists.reverse().flat();
}

export interface OpenCall {
  readonly kind: 'call';
  readonly id: string;
  readonly outputIndex: number;
  /** The number of the call in the chat completion. */
  readonly chatIndex: number;
  readonly callId: string;
  /** Null: the server has not sent the name yet. */
  readonly tool: NamedTool | null;
  readonly args: string;
  readonly scan: ObjectScan;
  /** Whether the client knows of the item. */
  readonly isShown: boolean;
}

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

export const textPart = ({ kind, text, logprobs, annotations }: OpenText): Json => {
  switch (kind) {
    case 'reasoning':
      return { type: 'reasoning_text', text };
    case 'message':
      return { type: 'output_text', annotations: listOf(annotations), logprobs: listOf(logprobs), text };
    case 'refusal':
      return { type: 'refusal', refusal: text };
  }
};

/** `isSealed`: the client asked for `encrypted_content`, which it sends back instead of the text. */
export function textItem(open: OpenText, status: ItemStatus, isSealed: boolean): Json {
  const content = status === 'in_progress' ? [] : [textPart(open)];
  if (open.kind !== 'reasoning') return { id: open.id, type: 'message', status, content, role: 'assistant' };
  const sealed = isSealed && status !== 'in_progress' ? { encrypted_content: sealedReasoning(open.text) } : {};
  return { id: open.id, type: 'reasoning', status, summary: [], content, ...sealed };
}

export function callItem({ id, callId: call_id, tool, args }: OpenCall, status: ItemStatus): Json {
  const name = tool?.name ?? '';
  const namespace = tool?.namespace == null ? {} : { namespace: tool.namespace };
  const action = tool?.kind === 'local_shell' ? shellActionOf(args) : null;
  if (action !== null) return { id, type: 'local_shell_call', status, call_id, action };
  if (tool?.kind === 'custom') {
    const input = status === 'in_progress' ? '' : customInputOf(args);
    return { id, type: 'custom_tool_call', status, call_id, input, name, ...namespace };
  }
  return { id, type: 'function_call', status, arguments: status === 'in_progress' ? '' : args, call_id, name, ...namespace };
}

/** The prefix of the ids of items. */
export const prefixOf = (open: { readonly kind: (OpenText | OpenCall)['kind']; readonly tool?: NamedTool | null }): string => {
  if (open.kind === 'reasoning') return 'rs';
  if (open.kind !== 'call') return 'msg';
  return open.tool?.kind === 'custom' ? 'ctc' : open.tool?.kind === 'local_shell' ? 'lsh' : 'fc';
};

export const logprobOf = ({ token, logprob, bytes, top_logprobs: top }: ChatLogprob): Json => ({
  token,
  logprob,
  bytes: bytes ?? [],
  top_logprobs: (top ?? []).map((other) => ({ token: other.token, logprob: other.logprob, bytes: other.bytes ?? [] })),
});

export const citationOf = ({ url_citation: { url, title, start_index, end_index } }: ChatCitation): Json => ({
  type: 'url_citation',
  url,
  title,
  start_index,
  end_index,
});

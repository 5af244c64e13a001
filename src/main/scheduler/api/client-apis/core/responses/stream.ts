// The chunks of a chat completion as the events of a streamed response, in the order of OpenAI: each item is added, filled and done before the
// next one. Only calls whose arguments a server sends alternately are open at the same time. A whole answer is one chunk of this stream, so
// both forms are equal.
import type { Language } from '../../../../../../shared/language';
import { openAiBody, type OpenAiFailure } from '../../../openai/core/openai-error';
import { type AnswerFacts, type ClientEvent, MAX_CALLS, type StreamTranslation } from '../client-api';
import { type ChatCallDelta, type ChatChunk, chatChunkSchema, type ChatDelta, type ChatLogprob } from './chat-chunk';
import {
  callItem,
  citationOf,
  type ItemStatus,
  listOf,
  logprobOf,
  NO_PIECES,
  type OpenCall,
  type OpenText,
  prefixOf,
  textItem,
  textPart,
  withPiece,
} from './open-items';
import { EMPTY_SCAN, scanPiece } from './object-scan';
import { INCLUDE_REASONING, type ResponsesBody, type AnsweredFields } from './request';
import { noOutcome, responseOf, withoutLarge, type ResponseOutcome, usageOf } from './response-object';
import { START, type State } from './stream-state';
import type { Json, NamedTool } from './tools';

export interface StreamContext extends AnsweredFields {
  readonly body: ResponsesBody;
  readonly facts: AnswerFacts;
}

/** Each call of a tool is an item, and so is each text. */
const MAX_ITEMS = MAX_CALLS;
/** No model answers so much: a server that sends more is at fault, and the rest is left out. */
const MAX_ANNOTATIONS = 1024;
const MAX_LOGPROBS = 32_768;

export class ResponsesStream implements StreamTranslation {
  readonly #context: StreamContext;
  readonly #state: State;

  constructor(context: StreamContext, state: State = START) {
    this.#context = context;
    this.#state = state;
  }

  get isBroken(): boolean {
    return hasTooMany(this.#state);
  }

  next(chunk: unknown): readonly [ResponsesStream, readonly ClientEvent[]] {
    const read = chatChunkSchema.safeParse(chunk);
    return read.success ? this.take(read.data) : [this, []];
  }

  take({ choices, usage }: ChatChunk): readonly [ResponsesStream, readonly ClientEvent[]] {
    const draft = new Draft(this.#context, this.#state);
    draft.begin();
    const choice = choices?.find(({ index }) => (index ?? 0) === 0);
    if (choice?.delta != null) draft.add(choice.delta, choice.logprobs?.content ?? []);
    if (usage != null) draft.state = { ...draft.state, usage };
    if (choice?.finish_reason != null) draft.state = { ...draft.state, finishReason: choice.finish_reason };
    return [new ResponsesStream(this.#context, draft.state), draft.events];
  }

  end(): readonly ClientEvent[] {
    const draft = new Draft(this.#context, this.#state);
    draft.begin();
    draft.finish();
    return draft.events;
  }

  fail(failure: OpenAiFailure, language: Language): readonly ClientEvent[] {
    const draft = new Draft(this.#context, this.#state);
    draft.fail(failure, language);
    return draft.events;
  }
}

const hasTooMany = ({ done }: State): boolean => done.length > MAX_ITEMS;

/** The next state and its events, while they are made. */
class Draft {
  readonly events: ClientEvent[] = [];
  readonly #context: StreamContext;
  state: State;
  /** Copied once for all changes of a chunk. */
  #ownDone: (Json | null)[] | null = null;
  #ownEnded: Set<number> | null = null;

  constructor(context: StreamContext, state: State) {
    this.#context = context;
    this.state = state;
  }

  begin(): void {
    if (this.state.hasBegun) return;
    this.state = { ...this.state, hasBegun: true };
    const response = responseOf(withoutLarge(this.#context.body), this.#context.facts, noOutcome('in_progress'));
    for (const type of ['response.created', 'response.in_progress']) this.#emit(type, { response });
  }

  add(delta: ChatDelta, logprobs: readonly ChatLogprob[]): void {
    const thought = delta.reasoning_content ?? delta.reasoning ?? '';
    if (thought !== '') this.#addText('reasoning', thought, []);
    if (delta.content != null && delta.content !== '') this.#addText('message', delta.content, logprobs.map(logprobOf));
    if (delta.refusal != null && delta.refusal !== '') this.#addText('refusal', delta.refusal, []);
    for (const annotation of delta.annotations ?? []) this.#annotate(citationOf(annotation));
    for (const [position, call] of (delta.tool_calls ?? []).entries()) {
      if (hasTooMany(this.state)) return;
      this.#addCall(call, position);
    }
  }

  finish(): void {
    const { finishReason, usage } = this.state;
    const incomplete = finishReason === 'length' ? 'max_output_tokens' : finishReason === 'content_filter' ? 'content_filter' : null;
    // Clients read the first item.
    if (this.state.done.length === 0) this.#openText('message');
    this.#closeText(incomplete === null ? 'completed' : 'incomplete');
    for (const call of this.state.calls) this.#closeCall(call, incomplete === null ? 'completed' : 'incomplete');
    const status = incomplete === null ? 'completed' : 'incomplete';
    const outcome = { ...noOutcome(status), output: this.#output(), usage: usageOf(usage), incomplete } satisfies ResponseOutcome;
    this.#emit(`response.${status}`, { response: this.#response(outcome) });
  }

  fail(failure: OpenAiFailure, language: Language): void {
    const { message, code, param } = openAiBody(failure, language).error;
    this.#emit('error', { code, message, param });
    const error = { code: failure.status === 429 ? 'rate_limit_exceeded' : 'server_error', message };
    this.#emit('response.failed', { response: this.#response({ ...noOutcome('failed'), output: this.#output(), error }) });
  }

  #addText(kind: OpenText['kind'], delta: string, logprobs: readonly Json[]): void {
    if (this.state.text?.kind !== kind) this.#openText(kind);
    const { text: open } = this.state;
    if (open === null) return;
    const taken = this.#counted(logprobs);
    this.state = { ...this.state, text: { ...open, text: open.text + delta, logprobs: withPiece(open.logprobs, taken) } };
    const place = { item_id: open.id, output_index: open.outputIndex, content_index: 0, delta };
    if (kind === 'message') this.#emit('response.output_text.delta', { ...place, logprobs: taken });
    else this.#emit(kind === 'reasoning' ? 'response.reasoning_text.delta' : 'response.refusal.delta', place);
  }

  /** None: with these, the answer would have too many. */
  #counted(logprobs: readonly Json[]): readonly Json[] {
    if (logprobs.length === 0) return logprobs;
    const count = this.state.logprobs + logprobs.reduce((sum, { top_logprobs: top }) => sum + 1 + (Array.isArray(top) ? top.length : 0), 0);
    if (count > MAX_LOGPROBS) return [];
    this.state = { ...this.state, logprobs: count };
    return logprobs;
  }

  #openText(kind: OpenText['kind']): void {
    this.#closeText('completed');
    this.#closeWholeCalls();
    const outputIndex = this.#reserve();
    const open: OpenText = {
      kind,
      id: this.#itemId(prefixOf({ kind }), outputIndex),
      outputIndex,
      text: '',
      logprobs: NO_PIECES,
      annotations: NO_PIECES,
    };
    this.state = { ...this.state, text: open };
    this.#emit('response.output_item.added', { output_index: outputIndex, item: textItem(open, 'in_progress', false) });
    const place = { item_id: open.id, output_index: outputIndex, content_index: 0 };
    this.#emit('response.content_part.added', { ...place, part: textPart(open) });
  }

  #closeText(status: ItemStatus): void {
    const { text: open } = this.state;
    if (open === null) return;
    const place = { item_id: open.id, output_index: open.outputIndex, content_index: 0 };
    if (open.kind === 'message') this.#emit('response.output_text.done', { ...place, text: open.text, logprobs: listOf(open.logprobs) });
    else if (open.kind === 'reasoning') this.#emit('response.reasoning_text.done', { ...place, text: open.text });
    else this.#emit('response.refusal.done', { ...place, refusal: open.text });
    this.#emit('response.content_part.done', { ...place, part: textPart(open) });
    const isSealed = this.#context.fields.include?.includes(INCLUDE_REASONING) === true;
    this.state = { ...this.state, text: null };
    this.#done(open.outputIndex, textItem(open, status, isSealed));
  }

  #annotate(annotation: Json): void {
    if (this.state.annotations >= MAX_ANNOTATIONS) return;
    if (this.state.text?.kind !== 'message') this.#openText('message');
    const { text: open } = this.state;
    if (open === null) return;
    const place = { item_id: open.id, output_index: open.outputIndex, content_index: 0, annotation_index: open.annotations.count };
    const text = { ...open, annotations: withPiece(open.annotations, [annotation]) };
    this.state = { ...this.state, text, annotations: this.state.annotations + 1 };
    this.#emit('response.output_text.annotation.added', { ...place, annotation });
  }

  #addCall({ index, id, function: called }: ChatCallDelta, position: number): void {
    const chatIndex = index ?? position;
    const isOther = (call: OpenCall) => id != null && id !== '' && call.callId !== id;
    const known = this.state.calls.find((call) => call.chatIndex === chatIndex && !isOther(call));
    // A complete call gets no more arguments, unless another one has its number.
    if (known === undefined && this.state.ended.has(chatIndex) && (id == null || id === '')) return;
    const open = known ?? this.#openCall(chatIndex, id ?? '');
    const tool = open.tool ?? this.#toolOf(called?.name ?? '');
    const delta = called?.arguments ?? '';
    this.#showCall({ ...open, tool, args: open.args + delta, scan: scanPiece(open.scan, delta) }, delta);
  }

  #openCall(chatIndex: number, id: string): OpenCall {
    this.#closeText('completed');
    this.#closeWholeCalls();
    const outputIndex = this.#reserve();
    const callId = id === '' ? this.#itemId('call', outputIndex) : id;
    return { kind: 'call', id: '', outputIndex, chatIndex, callId, tool: null, args: '', scan: EMPTY_SCAN, isShown: false };
  }

  #toolOf(name: string): NamedTool | null {
    return name === '' ? null : (this.#context.named.get(name) ?? { kind: 'function', name, namespace: null });
  }

  /** The arguments of a function are shown as they arrive. A custom tool and a command are JSON here, so they are shown when it is whole. */
  #showCall(call: OpenCall, delta: string): void {
    const others = this.state.calls.filter(({ outputIndex }) => outputIndex !== call.outputIndex);
    if (call.tool?.kind !== 'function') {
      this.state = { ...this.state, calls: [...others, call] };
      return;
    }
    const shown = call.isShown ? call : this.#showItem(call);
    this.state = { ...this.state, calls: [...others, shown] };
    const news = call.isShown ? delta : call.args;
    const place = { item_id: shown.id, output_index: shown.outputIndex };
    if (news !== '') this.#emit('response.function_call_arguments.delta', { ...place, delta: news });
  }

  #showItem(call: OpenCall): OpenCall {
    const shown = { ...call, id: this.#itemId(prefixOf(call), call.outputIndex), isShown: true };
    this.#emit('response.output_item.added', { output_index: call.outputIndex, item: callItem(shown, 'in_progress') });
    return shown;
  }

  /** A server that sends calls one after the other has sent a whole call before the next item. */
  #closeWholeCalls(): void {
    for (const call of this.state.calls) if (call.scan.isWhole) this.#closeCall(call, 'completed');
  }

  #closeCall(call: OpenCall, status: ItemStatus): void {
    const shown = call.isShown ? call : this.#showItem(call);
    const item = callItem(shown, status);
    const place = { item_id: shown.id, output_index: shown.outputIndex };
    if (item['type'] === 'custom_tool_call') {
      const { input } = item;
      if (input !== '') this.#emit('response.custom_tool_call_input.delta', { ...place, delta: input });
      this.#emit('response.custom_tool_call_input.done', { ...place, input });
    } else if (item['type'] === 'function_call') {
      if (shown.tool?.kind !== 'function' && shown.args !== '')
        this.#emit('response.function_call_arguments.delta', { ...place, delta: shown.args });
      this.#emit('response.function_call_arguments.done', { ...place, arguments: shown.args });
    }
    const calls = this.state.calls.filter(({ outputIndex }) => outputIndex !== call.outputIndex);
    this.#ownEnded ??= new Set(this.state.ended);
    this.state = { ...this.state, calls, ended: this.#ownEnded.add(call.chatIndex) };
    this.#done(call.outputIndex, item);
  }

  /** The index of a new item. */
  #reserve(): number {
    const index = this.state.done.length;
    this.#setItem(index, null);
    return index;
  }

  #setItem(index: number, item: Json | null): void {
    this.#ownDone ??= [...this.state.done];
    this.#ownDone[index] = item;
    this.state = { ...this.state, done: this.#ownDone };
  }

  #done(outputIndex: number, item: Json): void {
    this.#setItem(outputIndex, item);
    this.#emit('response.output_item.done', { output_index: outputIndex, item });
  }

  #output(): readonly Json[] {
    return this.state.done.filter((item) => item !== null);
  }

  #itemId(prefix: string, outputIndex: number): string {
    return `${prefix}_${this.#context.facts.id}_${String(outputIndex)}`;
  }

  #response(outcome: ResponseOutcome): Json {
    return responseOf(this.#context.body, this.#context.facts, outcome);
  }

  #emit(type: string, data: Json): void {
    const { nextSequence } = this.state;
    this.state = { ...this.state, nextSequence: nextSequence + 1 };
    this.events.push({ name: type, data: { type, sequence_number: nextSequence, ...data } });
  }
}

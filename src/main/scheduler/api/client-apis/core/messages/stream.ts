// Translates the chunks of a chat completion to the events of the Messages API. Blocks follow each other: one ends before the next begins.
// Text, thoughts and the first tool call are passed on as they arrive. What arrives for another block while a tool call is open waits for the
// end, because a chat completion may go on with any of its calls.
import { isRecord } from '../../../../../../shared/json';
import { type AnswerFacts, type ClientEvent, MAX_CALLS, type StreamTranslation } from '../client-api';
import { messageHead, stopOf, toolId, usageOf } from './answer';
import { messagesFormat } from './messages-format';

interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly input: string;
}

type OpenBlock =
  | { readonly type: 'text' | 'thinking' }
  /** `key`: the index of the call in the chat completion. */
  | { readonly type: 'tool_use'; readonly key: number };

interface State {
  readonly facts: AnswerFacts;
  readonly hasStarted: boolean;
  readonly open: OpenBlock | null;
  /** The number of the open block, or of the next one. */
  readonly index: number;
  /** Text and thoughts that wait for the end of the open tool call. */
  readonly later: { readonly thinking: string; readonly text: string };
  /** Calls that wait, by their index in the chat completion. */
  readonly calls: ReadonlyMap<number, ToolCall>;
  readonly usesTools: boolean;
  readonly finish: string | null;
  readonly stop: unknown;
  readonly usage: unknown;
  readonly isBroken: boolean;
}

export const startMessage = (facts: AnswerFacts): StreamTranslation =>
  translationOf({
    facts,
    hasStarted: false,
    open: null,
    index: 0,
    later: { thinking: '', text: '' },
    calls: new Map(),
    usesTools: false,
    finish: null,
    stop: null,
    usage: null,
    isBroken: false,
  });

const translationOf = (state: State): StreamTranslation => ({
  isBroken: state.isBroken,
  next(chunk) {
    const draft = new Draft(state);
    draft.take(chunk);
    return [translationOf(draft.state), draft.events];
  },
  end() {
    const draft = new Draft(state);
    draft.finish();
    return draft.events;
  },
  fail: (failure, language) => [messagesFormat.errorEvent(failure, language, state.facts.requestId)],
});

const EMPTY_BLOCKS = { text: { text: '' }, thinking: { thinking: '', signature: '' }, tool_use: {} } as const;

/** The next state and its events, while they are made. */
class Draft {
  readonly events: ClientEvent[] = [];
  state: State;

  constructor(state: State) {
    this.state = state;
  }

  take(chunk: unknown): void {
    this.#change({ usage: fieldOf(chunk, 'usage') ?? this.state.usage });
    const choices = fieldOf(chunk, 'choices');
    const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
    this.#start();
    const delta = fieldOf(choice, 'delta');
    this.#addText('thinking', textOf(delta, 'reasoning_content') || textOf(delta, 'reasoning'));
    this.#addText('text', textOf(delta, 'content') + textOf(delta, 'refusal'));
    const calls = fieldOf(delta, 'tool_calls');
    if (Array.isArray(calls)) this.#addCalls(calls);
    const finish = fieldOf(choice, 'finish_reason');
    if (typeof finish === 'string') this.#change({ finish, stop: fieldOf(choice, 'stop_reason') });
  }

  finish(): void {
    const { later, calls } = this.state;
    const waiting = [...calls].filter(([, { name }]) => name !== '').toSorted(([one], [other]) => one - other);
    this.#start();
    this.#close();
    this.#addText('thinking', later.thinking);
    this.#addText('text', later.text);
    for (const [key, call] of waiting) this.#openCall(key, call);
    this.#close();
    const { finish, stop, usesTools, usage } = this.state;
    this.#emit({ type: 'message_delta', delta: stopOf(finish, stop, usesTools), usage: usageOf(usage) });
    this.#emit({ type: 'message_stop' });
  }

  #start(): void {
    if (this.state.hasStarted) return;
    this.#change({ hasStarted: true });
    const message = { ...messageHead(this.state.facts), content: [], stop_reason: null, stop_sequence: null, usage: usageOf(null) };
    this.#emit({ type: 'message_start', message });
    this.#emit({ type: 'ping' });
  }

  #addText(type: 'text' | 'thinking', text: string): void {
    if (text === '') return;
    const { open, later } = this.state;
    if (open?.type === 'tool_use') {
      this.#change({ later: { ...later, [type]: later[type] + text } });
      return;
    }
    this.#open({ type });
    this.#emitDelta(type === 'text' ? { type: 'text_delta', text } : { type: 'thinking_delta', thinking: text });
  }

  /** Copies the calls once for the chunk. */
  #addCalls(parts: readonly unknown[]): void {
    const calls = new Map(this.state.calls);
    this.#change({ calls });
    for (const [at, part] of parts.entries()) {
      this.#addCall(calls, part, at);
      if (calls.size < MAX_CALLS) continue;
      // One more call than those that wait is open.
      this.#change({ isBroken: true });
      return;
    }
  }

  #addCall(calls: Map<number, ToolCall>, call: unknown, at: number): void {
    const index = fieldOf(call, 'index');
    const key = typeof index === 'number' ? index : at;
    const called = fieldOf(call, 'function');
    const { open, facts } = this.state;
    const part = textOf(called, 'arguments');
    if (open?.type === 'tool_use' && open.key === key) {
      this.#addArguments(part);
      return;
    }
    const known = calls.get(key);
    const waiting: ToolCall = {
      id: known?.id ?? (textOf(call, 'id') || toolId(facts, key)),
      name: (known?.name ?? '') + textOf(called, 'name'),
      input: (known?.input ?? '') + part,
    };
    this.#change({ usesTools: true });
    if (open?.type === 'tool_use' || waiting.name === '') {
      calls.set(key, waiting);
      return;
    }
    calls.delete(key);
    this.#openCall(key, waiting);
  }

  #openCall(key: number, { id, name, input }: ToolCall): void {
    this.#open({ type: 'tool_use', key }, { id, name, input: {} });
    this.#addArguments(input);
  }

  #addArguments(part: string): void {
    if (part !== '') this.#emitDelta({ type: 'input_json_delta', partial_json: part });
  }

  #open(block: OpenBlock, facts: object = {}): void {
    if (this.state.open?.type === block.type && block.type !== 'tool_use') return;
    this.#close();
    this.#change({ open: block });
    const content = { type: block.type, ...EMPTY_BLOCKS[block.type], ...facts };
    this.#emit({ type: 'content_block_start', index: this.state.index, content_block: content });
  }

  #close(): void {
    const { open, index } = this.state;
    if (open === null) return;
    this.#change({ open: null, index: index + 1 });
    this.#emit({ type: 'content_block_stop', index });
  }

  #emitDelta(delta: object): void {
    this.#emit({ type: 'content_block_delta', index: this.state.index, delta });
  }

  #emit(data: { readonly type: string; readonly [field: string]: unknown }): void {
    this.events.push({ name: data.type, data });
  }

  #change(news: Partial<State>): void {
    this.state = { ...this.state, ...news };
  }
}

const fieldOf = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);

function textOf(value: unknown, name: string): string {
  const text = fieldOf(value, name);
  return typeof text === 'string' ? text : '';
}

// Translates the chunks of a chat completion to the events of the Messages API. Blocks follow each other: one ends before the next begins.
// Text, thoughts and the first tool call are passed on as they arrive. What arrives for another block while a tool call is open waits for the
// end, because a chat completion may go on with any of its calls.
import { isRecord } from '../../../../../../shared/json';
import type { AnswerFacts, ClientEvent, StreamTranslation } from '../client-api';
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
  });

type Step = readonly [State, readonly ClientEvent[]];

const translationOf = (state: State): StreamTranslation => ({
  next(chunk) {
    const [next, events] = onChunk(state, chunk);
    return [translationOf(next), events];
  },
  end: () => endOf(state),
  fail: (failure, language) => [messagesFormat.errorEvent(failure, language, state.facts.requestId)],
});

const event = (data: { readonly type: string; readonly [field: string]: unknown }): ClientEvent => ({ name: data.type, data });

function startOf(state: State): Step {
  if (state.hasStarted) return [state, []];
  const message = { ...messageHead(state.facts), content: [], stop_reason: null, stop_sequence: null, usage: usageOf(null) };
  return [{ ...state, hasStarted: true }, [event({ type: 'message_start', message }), event({ type: 'ping' })]];
}

function onChunk(before: State, chunk: unknown): Step {
  const usage = fieldOf(chunk, 'usage') ?? before.usage;
  const choices = fieldOf(chunk, 'choices');
  const choice: unknown = Array.isArray(choices) ? choices[0] : undefined;
  const [started, events] = startOf({ ...before, usage });
  const delta = fieldOf(choice, 'delta');
  const calls = fieldOf(delta, 'tool_calls');
  const steps: ((state: State) => Step)[] = [
    (state) => onText(state, 'thinking', textOf(delta, 'reasoning_content') || textOf(delta, 'reasoning')),
    (state) => onText(state, 'text', textOf(delta, 'content') + textOf(delta, 'refusal')),
    ...(Array.isArray(calls)
      ? calls.map(
          (call: unknown, at) =>
            (state: State): Step =>
              onCall(state, call, at),
        )
      : []),
  ];
  const finish = fieldOf(choice, 'finish_reason');
  const [state, all] = inOrder(started, events, steps);
  return [typeof finish === 'string' ? { ...state, finish, stop: fieldOf(choice, 'stop_reason') } : state, all];
}

function inOrder(start: State, events: readonly ClientEvent[], steps: readonly ((state: State) => Step)[]): Step {
  return steps.reduce<Step>(
    ([state, before], step) => {
      const [next, further] = step(state);
      return [next, [...before, ...further]];
    },
    [start, events],
  );
}

function onText(state: State, type: 'text' | 'thinking', text: string): Step {
  if (text === '') return [state, []];
  if (state.open?.type === 'tool_use') return [{ ...state, later: { ...state.later, [type]: state.later[type] + text } }, []];
  const [next, events] = opened(state, { type });
  return [next, [...events, deltaOf(next, type === 'text' ? { type: 'text_delta', text } : { type: 'thinking_delta', thinking: text })]];
}

function onCall(state: State, call: unknown, at: number): Step {
  const index = fieldOf(call, 'index');
  const key = typeof index === 'number' ? index : at;
  const called = fieldOf(call, 'function');
  const { open, calls, facts } = state;
  const known = calls.get(key);
  const part = textOf(called, 'arguments');
  if (open?.type === 'tool_use' && open.key === key) return [state, part === '' ? [] : [deltaOf(state, jsonDelta(part))]];
  const waiting: ToolCall = {
    id: known?.id ?? (textOf(call, 'id') || toolId(facts, key)),
    name: (known?.name ?? '') + textOf(called, 'name'),
    input: (known?.input ?? '') + part,
  };
  const next = { ...state, usesTools: true };
  if (open?.type === 'tool_use' || waiting.name === '') return [{ ...next, calls: new Map([...calls, [key, waiting]]) }, []];
  return openedCall({ ...next, calls: new Map([...calls].filter(([other]) => other !== key)) }, key, waiting);
}

function openedCall(state: State, key: number, { id, name, input }: ToolCall): Step {
  const [next, events] = opened(state, { type: 'tool_use', key }, { id, name, input: {} });
  return [next, [...events, ...(input === '' ? [] : [deltaOf(next, jsonDelta(input))])]];
}

const jsonDelta = (part: string) => ({ type: 'input_json_delta', partial_json: part });

const EMPTY_BLOCKS = { text: { text: '' }, thinking: { thinking: '', signature: '' }, tool_use: {} } as const;

function opened(state: State, block: OpenBlock, facts: object = {}): Step {
  if (state.open?.type === block.type && block.type !== 'tool_use') return [state, []];
  const [closed, events] = closedOf(state);
  const content = { type: block.type, ...EMPTY_BLOCKS[block.type], ...facts };
  return [{ ...closed, open: block }, [...events, event({ type: 'content_block_start', index: closed.index, content_block: content })]];
}

function closedOf(state: State): Step {
  if (state.open === null) return [state, []];
  return [{ ...state, open: null, index: state.index + 1 }, [event({ type: 'content_block_stop', index: state.index })]];
}

const deltaOf = ({ index }: State, delta: object): ClientEvent => event({ type: 'content_block_delta', index, delta });

function endOf(state: State): readonly ClientEvent[] {
  const { later, calls } = state;
  const waiting = [...calls].filter(([, { name }]) => name !== '').toSorted(([one], [other]) => one - other);
  const [started, start] = startOf(state);
  const [, events] = inOrder(started, start, [
    closedOf,
    (next) => onText(next, 'thinking', later.thinking),
    (next) => onText(next, 'text', later.text),
    ...waiting.map(
      ([key, call]) =>
        (next: State): Step =>
          openedCall(next, key, call),
    ),
    closedOf,
  ]);
  const delta = stopOf(state.finish, state.stop, state.usesTools);
  return [...events, event({ type: 'message_delta', delta, usage: usageOf(state.usage) }), event({ type: 'message_stop' })];
}

const fieldOf = (value: unknown, name: string): unknown => (isRecord(value) ? value[name] : undefined);

function textOf(value: unknown, name: string): string {
  const text = fieldOf(value, name);
  return typeof text === 'string' ? text : '';
}

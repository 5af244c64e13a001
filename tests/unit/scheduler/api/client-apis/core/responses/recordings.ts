// Streams as OpenAI's API reference and recordings of its service show them: all events in their order, with all their fields. The texts are
// ours. Beside each, the chunks of a chat completion that must become this stream.
type Json = Readonly<Record<string, unknown>>;

export const FACTS = { id: '1', requestId: 'req_1', model: 'm', atWallMs: 1_749_761_604_000 };

/** The response of a request with a model and an input only. */
export const response = (change: Json): Json => ({
  id: 'resp_1',
  object: 'response',
  created_at: 1_749_761_604,
  status: 'in_progress',
  background: false,
  error: null,
  incomplete_details: null,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  model: 'm',
  output: [],
  parallel_tool_calls: true,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: null,
  store: true,
  temperature: null,
  text: { format: { type: 'text' } },
  tool_choice: 'auto',
  tools: [],
  top_logprobs: 0,
  top_p: null,
  truncation: 'disabled',
  usage: null,
  user: null,
  metadata: {},
  ...change,
});

export const chunk = (delta: Json, finish: string | null = null): Json => ({
  id: 'chatcmpl-1',
  object: 'chat.completion.chunk',
  choices: [{ index: 0, delta, finish_reason: finish }],
});
export const usageChunk = (prompt: number, completion: number, cached = 0, reasoning = 0): Json => ({
  choices: [],
  usage: {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: cached },
    completion_tokens_details: { reasoning_tokens: reasoning },
  },
});
export const usage = (input: number, output: number, cached = 0, reasoning = 0): Json => ({
  input_tokens: input,
  input_tokens_details: { cached_tokens: cached, cache_write_tokens: 0 },
  output_tokens: output,
  output_tokens_details: { reasoning_tokens: reasoning },
  total_tokens: input + output,
});

export interface Recording {
  readonly request: Json;
  readonly chunks: readonly Json[];
  /** Without `sequence_number`, which is the place in the list. */
  readonly events: readonly Json[];
}

const begin = (change: Json = {}): Json[] => [
  { type: 'response.created', response: response(change) },
  { type: 'response.in_progress', response: response(change) },
];

const helloPart = { type: 'output_text', annotations: [], logprobs: [], text: 'Hello there' };
const helloItem = { id: 'msg_1_0', type: 'message', status: 'completed', content: [helloPart], role: 'assistant' };
const atHello = { item_id: 'msg_1_0', output_index: 0, content_index: 0 };

export const TEXT: Recording = {
  request: { model: 'm', input: 'hello' },
  chunks: [
    chunk({ role: 'assistant', content: '' }),
    chunk({ content: 'Hello' }),
    chunk({ content: ' there' }),
    chunk({}, 'stop'),
    usageChunk(10, 2),
  ],
  events: [
    ...begin(),
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { id: 'msg_1_0', type: 'message', status: 'in_progress', content: [], role: 'assistant' },
    },
    { type: 'response.content_part.added', ...atHello, part: { type: 'output_text', annotations: [], logprobs: [], text: '' } },
    { type: 'response.output_text.delta', ...atHello, delta: 'Hello', logprobs: [] },
    { type: 'response.output_text.delta', ...atHello, delta: ' there', logprobs: [] },
    { type: 'response.output_text.done', ...atHello, text: 'Hello there', logprobs: [] },
    { type: 'response.content_part.done', ...atHello, part: helloPart },
    { type: 'response.output_item.done', output_index: 0, item: helloItem },
    { type: 'response.completed', response: response({ status: 'completed', output: [helloItem], usage: usage(10, 2) }) },
  ],
};

const tools = [
  { type: 'function', name: 'search', parameters: {} },
  { type: 'function', name: 'weather', parameters: {} },
];
const call = (index: number, name: string, callId: string, args: string, status: string): Json => ({
  id: `fc_1_${String(index)}`,
  type: 'function_call',
  status,
  arguments: args,
  call_id: callId,
  name,
});
const search = call(0, 'search', 'call_a', '{"query":"Tigers"}', 'completed');
const weather = call(1, 'weather', 'call_b', '{"city":"Detroit"}', 'completed');
const calls = (...deltas: Json[]): Json => chunk({ tool_calls: deltas });

export const TWO_CALLS: Recording = {
  request: { model: 'm', input: 'when?', tools },
  chunks: [
    calls({ index: 0, id: 'call_a', type: 'function', function: { name: 'search', arguments: '' } }),
    calls({ index: 0, function: { arguments: '{"query":' } }),
    calls({ index: 0, function: { arguments: '"Tigers"}' } }),
    calls({ index: 1, id: 'call_b', type: 'function', function: { name: 'weather', arguments: '' } }),
    calls({ index: 1, function: { arguments: '{"city":"Detroit"}' } }),
    chunk({}, 'tool_calls'),
    usageChunk(76, 52, 64),
  ],
  events: [
    ...begin({ tools }),
    { type: 'response.output_item.added', output_index: 0, item: call(0, 'search', 'call_a', '', 'in_progress') },
    { type: 'response.function_call_arguments.delta', item_id: 'fc_1_0', output_index: 0, delta: '{"query":' },
    { type: 'response.function_call_arguments.delta', item_id: 'fc_1_0', output_index: 0, delta: '"Tigers"}' },
    { type: 'response.function_call_arguments.done', item_id: 'fc_1_0', output_index: 0, arguments: '{"query":"Tigers"}' },
    { type: 'response.output_item.done', output_index: 0, item: search },
    { type: 'response.output_item.added', output_index: 1, item: call(1, 'weather', 'call_b', '', 'in_progress') },
    { type: 'response.function_call_arguments.delta', item_id: 'fc_1_1', output_index: 1, delta: '{"city":"Detroit"}' },
    { type: 'response.function_call_arguments.done', item_id: 'fc_1_1', output_index: 1, arguments: '{"city":"Detroit"}' },
    { type: 'response.output_item.done', output_index: 1, item: weather },
    {
      type: 'response.completed',
      response: response({ status: 'completed', tools, output: [search, weather], usage: usage(76, 52, 64) }),
    },
  ],
};

const thought = { type: 'reasoning_text', text: 'Six times seven.' };
const reasoning = { id: 'rs_1_0', type: 'reasoning', status: 'completed', summary: [], content: [thought] };
const sealed = { ...reasoning, encrypted_content: 'muster-plain:Six times seven.' };
const answerPart = { type: 'output_text', annotations: [], logprobs: [], text: '42' };
const answer = { id: 'msg_1_1', type: 'message', status: 'incomplete', content: [answerPart], role: 'assistant' };
const atThought = { item_id: 'rs_1_0', output_index: 0, content_index: 0 };
const atAnswer = { item_id: 'msg_1_1', output_index: 1, content_index: 0 };
const limited = { max_output_tokens: 8, reasoning: { effort: 'low', summary: null } };

/** The limit of tokens ends the answer. */
export const REASONING: Recording = {
  request: { model: 'm', input: 'what?', include: ['reasoning.encrypted_content'], max_output_tokens: 8, reasoning: { effort: 'low' } },
  chunks: [
    chunk({ role: 'assistant', reasoning_content: 'Six times' }),
    chunk({ reasoning_content: ' seven.' }),
    chunk({ content: '42' }),
    chunk({}, 'length'),
    usageChunk(5, 8, 0, 4),
  ],
  events: [
    ...begin(limited),
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { id: 'rs_1_0', type: 'reasoning', status: 'in_progress', summary: [], content: [] },
    },
    { type: 'response.content_part.added', ...atThought, part: { type: 'reasoning_text', text: '' } },
    { type: 'response.reasoning_text.delta', ...atThought, delta: 'Six times' },
    { type: 'response.reasoning_text.delta', ...atThought, delta: ' seven.' },
    { type: 'response.reasoning_text.done', ...atThought, text: 'Six times seven.' },
    { type: 'response.content_part.done', ...atThought, part: thought },
    { type: 'response.output_item.done', output_index: 0, item: sealed },
    {
      type: 'response.output_item.added',
      output_index: 1,
      item: { id: 'msg_1_1', type: 'message', status: 'in_progress', content: [], role: 'assistant' },
    },
    { type: 'response.content_part.added', ...atAnswer, part: { type: 'output_text', annotations: [], logprobs: [], text: '' } },
    { type: 'response.output_text.delta', ...atAnswer, delta: '42', logprobs: [] },
    { type: 'response.output_text.done', ...atAnswer, text: '42', logprobs: [] },
    { type: 'response.content_part.done', ...atAnswer, part: answerPart },
    { type: 'response.output_item.done', output_index: 1, item: answer },
    {
      type: 'response.incomplete',
      response: response({
        ...limited,
        status: 'incomplete',
        incomplete_details: { reason: 'max_output_tokens' },
        output: [sealed, answer],
        usage: usage(5, 8, 0, 4),
      }),
    },
  ],
};

const customTools = [{ type: 'custom', name: 'apply_patch' }, { type: 'local_shell' }];
const patch = { id: 'ctc_1_0', type: 'custom_tool_call', status: 'completed', call_id: 'call_a', input: '*** Begin', name: 'apply_patch' };
const action = { type: 'exec', command: ['ls', '-l'], env: {}, working_directory: null, timeout_ms: null };
const shell = { id: 'lsh_1_1', type: 'local_shell_call', status: 'completed', call_id: 'call_b', action };

/** Both are JSON in the chat completion, so they are shown when they are whole. */
export const CUSTOM_CALLS: Recording = {
  request: { model: 'm', input: 'patch', tools: customTools },
  chunks: [
    calls({ index: 0, id: 'call_a', type: 'function', function: { name: 'apply_patch', arguments: '{"input":"*** ' } }),
    calls({ index: 0, function: { arguments: 'Begin"}' } }),
    calls({ index: 1, id: 'call_b', type: 'function', function: { name: 'local_shell', arguments: '{"command":["ls","-l"]}' } }),
    chunk({}, 'tool_calls'),
  ],
  events: [
    ...begin({ tools: customTools }),
    { type: 'response.output_item.added', output_index: 0, item: { ...patch, status: 'in_progress', input: '' } },
    { type: 'response.custom_tool_call_input.delta', item_id: 'ctc_1_0', output_index: 0, delta: '*** Begin' },
    { type: 'response.custom_tool_call_input.done', item_id: 'ctc_1_0', output_index: 0, input: '*** Begin' },
    { type: 'response.output_item.done', output_index: 0, item: patch },
    { type: 'response.output_item.added', output_index: 1, item: { ...shell, status: 'in_progress' } },
    { type: 'response.output_item.done', output_index: 1, item: shell },
    { type: 'response.completed', response: response({ status: 'completed', tools: customTools, output: [patch, shell] }) },
  ],
};

const no = { type: 'refusal', refusal: 'No.' };
const refused = { id: 'msg_1_0', type: 'message', status: 'incomplete', content: [no], role: 'assistant' };

export const REFUSAL: Recording = {
  request: { model: 'm', input: 'hello' },
  chunks: [chunk({ refusal: 'No' }), chunk({ refusal: '.' }), chunk({}, 'content_filter')],
  events: [
    ...begin(),
    {
      type: 'response.output_item.added',
      output_index: 0,
      item: { id: 'msg_1_0', type: 'message', status: 'in_progress', content: [], role: 'assistant' },
    },
    { type: 'response.content_part.added', ...atHello, part: { type: 'refusal', refusal: '' } },
    { type: 'response.refusal.delta', ...atHello, delta: 'No' },
    { type: 'response.refusal.delta', ...atHello, delta: '.' },
    { type: 'response.refusal.done', ...atHello, refusal: 'No.' },
    { type: 'response.content_part.done', ...atHello, part: no },
    { type: 'response.output_item.done', output_index: 0, item: refused },
    {
      type: 'response.incomplete',
      response: response({ status: 'incomplete', incomplete_details: { reason: 'content_filter' }, output: [refused] }),
    },
  ],
};

export const RECORDINGS = { TEXT, TWO_CALLS, REASONING, CUSTOM_CALLS, REFUSAL };

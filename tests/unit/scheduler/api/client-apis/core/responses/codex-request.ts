// A request of the Codex command line, shortened: the fields, tools and items of its public source (`ResponsesApiRequest`, `ToolSpec`,
// `ResponseItem`), and the chat completion that must become of it.
const shellParameters = {
  type: 'object',
  properties: { cmd: { type: 'string' }, workdir: { type: 'string' } },
  required: ['cmd'],
  additionalProperties: false,
};
const navigate = { type: 'object', properties: { url: { type: 'string' } }, required: ['url'] };
const GRAMMAR = 'start: begin_patch hunk+ end_patch';

export const CODEX_REQUEST = {
  model: 'llm-a',
  instructions: 'You are a coding agent.',
  input: [
    { type: 'message', role: 'developer', content: [{ type: 'input_text', text: '<permissions>read only</permissions>' }] },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: '<environment_context/>' }] },
    { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'list the files' }] },
    { type: 'reasoning', summary: [], content: null, encrypted_content: 'muster-plain:I need ls.' },
    { type: 'function_call', name: 'exec_command', arguments: '{"cmd":"ls"}', call_id: 'call_1' },
    { type: 'function_call_output', call_id: 'call_1', output: 'a.txt' },
    { type: 'custom_tool_call', status: 'completed', call_id: 'call_2', name: 'apply_patch', input: '*** Begin Patch' },
    { type: 'custom_tool_call_output', call_id: 'call_2', output: 'Done!' },
  ],
  tools: [
    { type: 'function', name: 'exec_command', description: 'Runs a command.', strict: false, parameters: shellParameters },
    {
      type: 'custom',
      name: 'apply_patch',
      description: 'Edits files.',
      format: { type: 'grammar', syntax: 'lark', definition: GRAMMAR },
    },
    { type: 'local_shell' },
    {
      type: 'namespace',
      name: 'mcp__browser',
      description: 'a browser',
      tools: [{ type: 'function', name: 'open', description: 'Opens a page.', strict: false, parameters: navigate }],
    },
    { type: 'web_search', external_web_access: true },
  ],
  tool_choice: 'auto',
  parallel_tool_calls: true,
  reasoning: { effort: 'medium', summary: 'auto' },
  store: false,
  stream: true,
  include: ['reasoning.encrypted_content'],
  service_tier: 'auto',
  prompt_cache_key: '0199a213-81c0-7800-8aa1-bbab2a035a53',
  text: { verbosity: 'low' },
  client_metadata: { 'x-codex-installation-id': '5f9d' },
};

export const CODEX_CHAT = {
  model: 'llm-a',
  messages: [
    { role: 'system', content: 'You are a coding agent.\n\n<permissions>read only</permissions>' },
    { role: 'user', content: '<environment_context/>' },
    { role: 'user', content: 'list the files' },
    {
      role: 'assistant',
      content: null,
      reasoning_content: 'I need ls.',
      reasoning: 'I need ls.',
      tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'exec_command', arguments: '{"cmd":"ls"}' } }],
    },
    { role: 'tool', tool_call_id: 'call_1', content: 'a.txt' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [{ id: 'call_2', type: 'function', function: { name: 'apply_patch', arguments: '{"input":"*** Begin Patch"}' } }],
    },
    { role: 'tool', tool_call_id: 'call_2', content: 'Done!' },
  ],
  tools: [
    { type: 'function', function: { name: 'exec_command', description: 'Runs a command.', strict: false, parameters: shellParameters } },
    {
      type: 'function',
      function: {
        name: 'apply_patch',
        description: `Edits files.\n\n\`input\` follows this lark grammar:\n${GRAMMAR}`,
        parameters: {
          type: 'object',
          properties: { input: { type: 'string', description: 'the input of the tool as plain text' } },
          required: ['input'],
          additionalProperties: false,
        },
      },
    },
    {
      type: 'function',
      function: {
        name: 'local_shell',
        description: 'Runs a command on the computer of the user.',
        parameters: {
          type: 'object',
          properties: {
            command: { type: 'array', items: { type: 'string' }, description: 'the program and its arguments' },
            working_directory: { type: 'string' },
            timeout_ms: { type: 'integer' },
          },
          required: ['command'],
        },
      },
    },
    { type: 'function', function: { name: 'mcp__browser__open', description: 'Opens a page.', strict: false, parameters: navigate } },
  ],
  tool_choice: 'auto',
  parallel_tool_calls: true,
  prompt_cache_key: '0199a213-81c0-7800-8aa1-bbab2a035a53',
  reasoning_effort: 'medium',
  verbosity: 'low',
  stream: true,
  stream_options: { include_usage: true },
};

// The size of the text that a node generated: no answer has more tokens than bytes, whatever the node reports (ADR 0024).

/** The names of servers for the same text: some send it twice. */
const REASONING_FIELDS = ['reasoning_content', 'reasoning', 'reasoning_details'] as const;

/** These fields have no text that a model generated. */
const OTHER_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'call_id',
  'item_id',
  'type',
  'role',
  'object',
  'index',
  'format',
  'status',
  'data',
  'signature',
  'encrypted_content',
  'stop_reason',
  'stop_sequence',
]);
/** Of one event or message. Further values do not count. */
const MAX_VALUES = 10_000;

/** Bytes of the text in an event of a stream, or in a complete answer: of a chat, a completion, a message or a response. */
export function answerBytesOf(answer: unknown): number {
  if (typeof fieldOf(answer, 'type') === 'string' || fieldOf(answer, 'object') === 'response') return typedBytesOf(answer);
  let bytes = 0;
  for (const choice of listOf(answer, 'choices')) {
    bytes += bytesOf(fieldOf(choice, 'text'));
    for (const name of ['delta', 'message']) bytes += messageBytes(fieldOf(choice, name));
  }
  return bytes;
}

/** Bytes of the text in the output of a result: a complete answer, or the events of a stream. */
export function outputBytesOf(output: unknown): number {
  let bytes = answerBytesOf(fieldOf(output, 'body'));
  for (const event of listOf(output, 'events')) bytes += answerBytesOf(event);
  return bytes;
}

/** The text of an event is in its `delta`, the text of an answer in the lists `content` and `output`. */
function typedBytesOf(answer: unknown): number {
  const delta = fieldOf(answer, 'delta');
  let bytes = stringBytes(delta) + bytesOf(fieldOf(fieldOf(answer, 'content_block'), 'name'));
  for (const block of [...listOf(answer, 'content'), ...listOf(answer, 'output')]) bytes += blockBytes(block);
  return bytes;
}

const ITEM_TEXTS = ['text', 'thinking', 'refusal', 'name', 'arguments'] as const;

/** Of a block of a message, or an item of a response with its parts. */
function blockBytes(block: unknown): number {
  let bytes = 0;
  for (const name of ITEM_TEXTS) bytes += bytesOf(fieldOf(block, name));
  const input = fieldOf(block, 'input');
  if (typeof input === 'object' && input !== null) bytes += bytesOf(JSON.stringify(input));
  for (const part of [...listOf(block, 'content'), ...listOf(block, 'summary')]) bytes += blockBytes(part);
  return bytes;
}

function messageBytes(message: unknown): number {
  const reasoning = REASONING_FIELDS.map((name) => stringBytes(fieldOf(message, name)));
  return stringBytes(message, REASONING_FIELDS) + Math.max(...reasoning);
}

/** Of all strings in the value: servers have fields of their own for text. */
function stringBytes(value: unknown, without: readonly string[] = []): number {
  let bytes = 0;
  const open = [value];
  for (let seen = 0; seen < MAX_VALUES && open.length > 0; seen++) {
    const next = open.pop();
    if (typeof next === 'string') bytes += bytesOf(next);
    else if (Array.isArray(next)) for (const item of next.slice(0, MAX_VALUES) as unknown[]) open.push(item);
    else if (typeof next === 'object' && next !== null)
      for (const [name, item] of Object.entries(next).slice(0, MAX_VALUES))
        if (!OTHER_FIELDS.has(name) && !(next === value && without.includes(name))) open.push(item);
  }
  return bytes;
}

/** In UTF-8. Each half of a surrogate pair has two of its four bytes. */
function bytesOf(text: unknown): number {
  if (typeof text !== 'string') return 0;
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) bytes += code > 0x7ff && (code < 0xd800 || code > 0xdfff) ? 2 : 1;
  }
  return bytes;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  const list = fieldOf(value, name);
  return Array.isArray(list) ? list : [];
}

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

// Finds the tokens in the events of a stream. A long stream has thousands of events, so no schema reads their text.

const TEXT_FIELDS = ['content', 'reasoning_content', 'reasoning'] as const;

/** Of the Messages API, by the names of their texts. */
const BLOCK_FIELDS = ['text', 'thinking', 'partial_json'] as const;

/** Whether the event has a token: of a chat, a completion, a message or a response. */
export function hasToken(event: unknown): boolean {
  const type = fieldOf(event, 'type');
  if (typeof type === 'string') return isTokenOfType(type, fieldOf(event, 'delta'));
  const choices = fieldOf(event, 'choices');
  if (!Array.isArray(choices)) return false;
  return choices.some((choice) => {
    const delta = fieldOf(choice, 'delta');
    const calls = fieldOf(delta, 'tool_calls');
    return (
      TEXT_FIELDS.some((name) => isText(fieldOf(delta, name))) ||
      isText(fieldOf(choice, 'text')) ||
      (Array.isArray(calls) && calls.length > 0)
    );
  });
}

const isTokenOfType = (type: string, delta: unknown): boolean =>
  type === 'content_block_delta'
    ? BLOCK_FIELDS.some((name) => isText(fieldOf(delta, name)))
    : type.startsWith('response.') && isText(delta);

const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';

const fieldOf = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[name] : undefined;

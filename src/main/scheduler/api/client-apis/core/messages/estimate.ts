// Estimates the tokens of a request where no model server counts them (docs/messages.md).
import { jsonBytesOf } from '../../../../../../shared/value-size';
import type { Block, Translatable } from './request-schema';

const ASCII_PER_TOKEN = 4;
/** Of Chinese text usual tokenizers make fewer tokens than characters, of other scripts more tokens per character than of English. */
const TOKENS_PER_OTHER_CHARACTER = 0.7;
/** The role, and the marks of the chat template. */
const TOKENS_PER_MESSAGE = 4;
const TOKENS_PER_IMAGE = 1000;

export function estimateTokens({ system, messages, tools }: Translatable): number {
  let tokens = messages.length * TOKENS_PER_MESSAGE;
  for (const { text } of system) tokens += tokensOf(text);
  for (const { name, description, input_schema: schema } of tools ?? [])
    tokens += tokensOf(name) + tokensOf(description ?? '') + jsonTokens(schema);
  for (const { content } of messages) for (const block of content) tokens += blockTokens(block);
  return Math.ceil(tokens);
}

function blockTokens(block: Block): number {
  switch (block.type) {
    case 'text':
      return tokensOf(block.text);
    case 'thinking':
      return tokensOf(block.thinking);
    case 'image':
      return TOKENS_PER_IMAGE;
    case 'tool_use':
      return tokensOf(block.name) + jsonTokens(block.input ?? {});
    case 'tool_result':
      return block.content.reduce((sum, part) => sum + blockTokens(part), TOKENS_PER_MESSAGE);
    case 'redacted_thinking':
      return 0;
  }
}

/** As JSON, without escapes: the text is not written, since it may have megabytes. */
const jsonTokens = (value: unknown): number => jsonBytesOf(value, Infinity, (text) => tokensOf(text) * ASCII_PER_TOKEN) / ASCII_PER_TOKEN;

function tokensOf(text: string): number {
  let ascii = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x80) ascii++;
  return ascii / ASCII_PER_TOKEN + (text.length - ascii) * TOKENS_PER_OTHER_CHARACTER;
}

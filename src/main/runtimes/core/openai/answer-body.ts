// Decodes the body of an answer: JSON or bytes, by content type and path.
import { isTooDeep } from '../../../../shared/protocol/decode';
import { MAX_BODY_DEPTH } from '../../../../shared/protocol/limits';
import type { OpenAiPath } from '../../../../shared/protocol/task-kinds';
import type { Body } from './outcome';
import { parseJson } from '../../../../shared/json';

/** Paths whose answers are JSON even without a content type, which small servers leave out. */
const JSON_PATHS: ReadonlySet<OpenAiPath> = new Set(['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/rerank']);

/** The part of a buffer that is used. */
interface Bytes {
  toString(encoding: 'utf8' | 'base64'): string;
}

/** A transcription may be JSON or plain text, whatever the content type is. */
export function toBody(bytes: Bytes, contentType: string, path: OpenAiPath): Body {
  const text = () => bytes.toString('utf8');
  const isJsonType = /^application\/([\w.+-]+\+)?json\b/i.test(contentType);
  const asBytes: Body = { kind: 'bytes', base64: () => bytes.toString('base64'), text };
  if (path === '/v1/audio/speech' && !isJsonType) return asBytes;
  const mustBeJson = isJsonType || JSON_PATHS.has(path);
  if (isTooDeep(text(), MAX_BODY_DEPTH)) return mustBeJson ? { kind: 'too_deep', text } : asBytes;
  const value = parseJson(text());
  if (value !== undefined && (isJsonType || typeof value === 'object')) return { kind: 'json', value };
  return mustBeJson ? { kind: 'unreadable', text } : asBytes;
}

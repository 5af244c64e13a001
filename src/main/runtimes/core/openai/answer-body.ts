// What the bytes of an answer are: JSON, or sound and the like. Pure.
import { isTooDeep } from '../../../../shared/protocol/decode';
import { MAX_BODY_DEPTH } from '../../../../shared/protocol/limits';
import type { OpenAiPath } from '../../../../shared/protocol/task-kinds';
import type { Body } from './outcome';
import { parseJson } from '../../../../shared/json';

/** Their answers are JSON whatever the content type says: small servers leave it out. */
const JSON_PATHS: ReadonlySet<OpenAiPath> = new Set(['/v1/chat/completions', '/v1/completions', '/v1/embeddings', '/v1/rerank']);

/** A buffer, as far as it is needed here. */
interface Bytes {
  toString(encoding: 'utf8' | 'base64'): string;
}

/** A transcription is what it looks like: plain text was perhaps asked for. */
export function toBody(bytes: Bytes, contentType: string, path: OpenAiPath): Body {
  const text = () => bytes.toString('utf8');
  const saysJson = /^application\/([\w.+-]+\+)?json\b/i.test(contentType);
  const asBytes: Body = { kind: 'bytes', base64: () => bytes.toString('base64'), text };
  if (path === '/v1/audio/speech' && !saysJson) return asBytes;
  const isToBeJson = saysJson || JSON_PATHS.has(path);
  if (isTooDeep(text(), MAX_BODY_DEPTH)) return isToBeJson ? { kind: 'too_deep', text } : asBytes;
  const value = parseJson(text());
  if (value !== undefined && (saysJson || typeof value === 'object')) return { kind: 'json', value };
  return isToBeJson ? { kind: 'unreadable', text } : asBytes;
}

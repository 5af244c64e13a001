// Results as JSON. A result can have megabytes, so each is encoded once, for the store and for all clients, and a stored result is sent
// without being parsed.
import type { JobResultView } from '../../../shared/api/job';

const texts = new WeakMap<JobResultView, string>();
const encoded = new WeakMap<JobResultView, Uint8Array>();

export function resultText(result: JobResultView): string {
  const text = texts.get(result) ?? JSON.stringify(result);
  texts.set(result, text);
  return text;
}

/** The same text in UTF-8. */
export function resultBytes(result: JobResultView): Uint8Array {
  const bytes = encoded.get(result) ?? Buffer.from(resultText(result));
  encoded.set(result, bytes);
  return bytes;
}

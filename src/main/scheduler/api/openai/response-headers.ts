// The status and the headers of an answer, and the bytes of a whole one.
import { answerKindOf, clientContentType } from '../../../../shared/protocol/runtime-answers';
import type { OpenAiOutput } from '../../../../shared/protocol/tasks';
import { SECURITY_HEADERS } from '../security-headers';
import type { OpenAiPool } from './openai-requests';

export interface AnsweredRequest {
  readonly jobId: string;
  readonly requestId: string;
  /** The limits of the key. Absent: it has none. */
  readonly limitHeaders?: Readonly<Record<string, string>>;
}

export const answerHeaders = ({ jobId, requestId, limitHeaders }: AnsweredRequest): Readonly<Record<string, string>> => ({
  ...SECURITY_HEADERS,
  'cache-control': 'no-store',
  'x-request-id': requestId,
  'x-muster-job': jobId,
  ...limitHeaders,
});

/** `route`: how the node was chosen. */
export const nodeHeaders = (nodeId: string, pool: Pick<OpenAiPool, 'nodeName'>, route: Readonly<Record<string, string>>) => ({
  'x-muster-node': nodeId,
  ...nameHeader(pool.nodeName(nodeId)),
  ...route,
});

/** A header has ASCII only. */
const nameHeader = (name: string | null): Readonly<Record<string, string>> =>
  name === null ? {} : { 'x-muster-node-name': encodeURIComponent(name.replace(/\p{Surrogate}/gu, '\ufffd')) };

/** The answer was checked with the result (answer-check.ts). This is the last check before the client. */
export const safeStatus = (status: number): number => (answerKindOf(status) === 'fault' ? 502 : status);

export function wholeAnswer(output: OpenAiOutput): { readonly bytes: Buffer; readonly headers: Readonly<Record<string, string>> } {
  const isJson = 'body' in output;
  const bytes = isJson ? Buffer.from(JSON.stringify(output.body)) : Buffer.from(output.base64, 'base64');
  const contentType = isJson ? 'application/json; charset=utf-8' : clientContentType(output.content_type);
  return { bytes, headers: { 'content-type': contentType, 'content-length': String(bytes.length) } };
}

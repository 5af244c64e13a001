// A response as the head and the values of its copy, and back.
import { isRecord } from '../../../../shared/json';
import { forwardedHeadersSchema } from '../../../../shared/protocol/tasks';
import type { KeptEntry, KeptResponse } from '../../api/client-apis/core/responses/kept-responses';
import { responsesBodySchema } from '../../api/client-apis/core/responses/request';
import { responseIdOf } from '../../api/client-apis/core/responses/response-object';
import type { RunningRequest } from '../../api/client-apis/core/responses/stored-request';
import type { Json } from '../../api/client-apis/core/responses/tools';
import type { KeptCopy, RunsCopy } from './copy-records';

export interface Copy<Head> {
  readonly head: Head;
  readonly values: readonly Json[];
}

export function copyOfKept({ id, holder, response, input, output, conversation }: KeptEntry, ageMs: number): Copy<KeptCopy> {
  const { output: own } = response;
  const hasOutput = Array.isArray(own) && own.length === output.length;
  const counts = { input: input.length, output: output.length, has_output: hasOutput };
  const head = { kind: 'kept', id, holder, age_ms: ageMs, ...counts } as const;
  return { head, values: [hasOutput ? { ...response, output: [] } : response, ...conversation] };
}

/** Null: not a response. */
export function keptOf({ id, input, output: count, has_output: hasOutput }: KeptCopy, values: readonly unknown[]): KeptResponse | null {
  const records = values.filter(isRecord);
  const [response, ...conversation] = records;
  const begin = conversation.length - input - count;
  if (response === undefined || records.length < values.length || response['id'] !== id || begin < 0) return null;
  const end = conversation.length - count;
  const output = conversation.slice(end);
  return { response: hasOutput ? { ...response, output } : response, conversation, input: conversation.slice(begin, end), output };
}

export function copyOfRunning(request: RunningRequest): Copy<RunsCopy> {
  const { holder, body, context, jobId, facts, translation, language, headers, sessionKey, onlyNode } = request;
  const items = typeof body.input === 'string' ? null : body.input;
  const name = translation?.name;
  const head: RunsCopy = {
    ...{ kind: 'runs', id: responseIdOf(facts), holder, input: items?.length ?? null, job_id: jobId },
    ...{ facts: { ...facts }, language, headers: plain(headers), session_key: sessionKey, only_node: onlyNode },
    translation: name === 'responses' || name === 'native_responses' ? name : null,
  };
  return { head, values: [items === null ? body : { ...body, input: [] }, ...(items ?? []), ...context] };
}

/** Null: not a request. */
export function runningOf(head: RunsCopy, values: readonly unknown[]): RunningRequest | null {
  const { id, holder, input, job_id: jobId, facts, translation: name, language, session_key: sessionKey, only_node: onlyNode } = head;
  const records = values.filter(isRecord);
  const [first, ...items] = records;
  if (first === undefined || records.length < values.length || items.length < (input ?? 0) || responseIdOf(facts) !== id) return null;
  const { data: body } = responsesBodySchema.safeParse(input === null ? first : { ...first, input: items.slice(0, input) });
  const { data: headers } = forwardedHeadersSchema.safeParse(head.headers);
  if (body === undefined || headers === undefined) return null;
  const translation = name === null ? null : { name, body: { ...body, input: '' } };
  return { ...{ holder, body, jobId, facts, translation, language, headers, sessionKey, onlyNode }, context: items.slice(input ?? 0) };
}

const plain = (headers: object): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));

// Sends the requests of one probe in parallel, each limited to two seconds and one megabyte.
import type { Clock } from '../../platform/clock';
import { type Answers, isApiKeyRequired, type ProbeAnswer } from '../core/servers/answers';
import { exchange, type ExchangeOptions, readBody, type RuntimeTarget } from './exchange';
import type { ServerRequest } from '../core/servers/server-type';
import { parseJson } from '../../../shared/json';

export const PROBE_TIMEOUT_MS = 2000;
const MAX_ANSWER_BYTES = 1024 * 1024;

export interface RuntimeConnection {
  readonly target: RuntimeTarget;
  readonly clock: Clock;
  readonly headers: Readonly<Record<string, string>>;
}

/** `isRuntime`: the program is known to be a runtime. */
export interface ProbeContext extends RuntimeConnection {
  readonly isRuntime: boolean;
}

/** Never rejects. */
export async function sendAll(context: ProbeContext, requests: readonly ServerRequest[]): Promise<Answers> {
  return Object.fromEntries(await Promise.all(requests.map((request) => sendOne(context, request))));
}

async function sendOne(context: ProbeContext, request: ServerRequest): Promise<[string, ProbeAnswer]> {
  if (typeof request === 'string') return [request, await exchangeOne(context, { method: 'GET', path: request, body: null })];
  const body = Buffer.from(JSON.stringify(request.body));
  return [request.key, await exchangeOne(context, { method: 'POST', path: request.path, body })];
}

async function exchangeOne(
  { target, clock, headers, isRuntime }: ProbeContext,
  { method, path, body }: Pick<ExchangeOptions, 'method' | 'path' | 'body'>,
): Promise<ProbeAnswer> {
  const type: Record<string, string> = body === null ? {} : { 'content-type': 'application/json' };
  const request = { target, clock, method, path, headers: { ...headers, ...type }, body, timeoutMs: PROBE_TIMEOUT_MS, signal: null };
  const answer = await exchange(request, async (response) => ({
    status: response.status,
    challenge: response.headers['www-authenticate'],
    text: (await readBody(response, MAX_ANSWER_BYTES)).toString('utf8'),
  }));
  if (!answer.ok) return { kind: 'failed', code: answer.error };
  const { status, text, challenge } = answer.value;
  const json = parseJson(text);
  return { kind: 'answered', status, text, json, asksForKey: isApiKeyRequired({ status, json, challenge }, isRuntime) };
}

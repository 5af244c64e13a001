// Asks a runtime several things at once, each for at most two seconds and a megabyte, and gives back what came.
import type { Clock } from '../../platform/clock';
import type { Answers, ProbeAnswer } from './answers';
import { exchange, readBody, type RuntimeTarget } from './exchange';
import { isKeyQuestion } from './key-question-mapping';

export const PROBE_TIMEOUT_MS = 2000;
const MAX_ANSWER_BYTES = 1024 * 1024;

export interface ProbeContext {
  readonly target: RuntimeTarget;
  readonly clock: Clock;
  readonly headers: Readonly<Record<string, string>>;
}

/** A look at what may be a runtime, or is known to be one. */
export interface LookContext extends ProbeContext {
  readonly isRuntime: boolean;
}

/** Never rejects. */
export async function ask(context: LookContext, paths: readonly string[]): Promise<Answers> {
  return Object.fromEntries(await Promise.all(paths.map(async (path) => [path, await askOne(context, path)] as const)));
}

async function askOne({ target, clock, headers, isRuntime }: LookContext, path: string): Promise<ProbeAnswer> {
  const request = { target, clock, path, headers, method: 'GET', body: null, timeoutMs: PROBE_TIMEOUT_MS, signal: null } as const;
  const answer = await exchange(request, async (response) => ({
    status: response.status,
    challenge: response.headers['www-authenticate'],
    text: (await readBody(response, MAX_ANSWER_BYTES)).toString('utf8'),
  }));
  if (!answer.ok) return { kind: 'failed', code: answer.error };
  const { status, text, challenge } = answer.value;
  const json = parseJson(text);
  return { kind: 'answered', status, text, json, asksForKey: isKeyQuestion({ status, json, challenge }, isRuntime) };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

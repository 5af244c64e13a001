// What the owner can do about a model server that does not work. Pure.
import type { RuntimeView } from '../../../shared/api/agent-view';
import { httpStatusOf } from '../../labels/link-labels';

export type ServerStep = 'start_ollama' | 'start_lm_studio' | 'start' | 'restart' | 'address';

const WRONG_ADDRESS: readonly string[] = ['name_not_found', 'address_refused', 'not_recognised', 'muster_scheduler'];
/** A program listens, and does not answer as a model server does. */
const FAULTS: readonly string[] = ['timeout', 'broken', 'unreadable_answer', 'too_large', 'engine_dead'];

/** Null: it works, starts, or needs a key, whose text names the step. */
export function serverStepOf({ type, state, reason_code: reason }: RuntimeView): ServerStep | null {
  if (state !== 'not_running' && state !== 'wrong_service') return null;
  const status = httpStatusOf(reason);
  // Below 500, the program says that the request is wrong.
  if (WRONG_ADDRESS.includes(reason) || (status !== null && Number(status) < 500)) return 'address';
  if (status !== null || FAULTS.includes(reason)) return 'restart';
  return type === 'ollama' ? 'start_ollama' : type === 'lm-studio' ? 'start_lm_studio' : 'start';
}

/** It responds, or has responded: a stopped one keeps its version or its models. `modelsOf`: ids of the runtimes that models belong to. */
export const isKnownServer = ({ id, state, version }: RuntimeView, modelsOf: ReadonlySet<string>): boolean =>
  (state !== 'not_running' && state !== 'wrong_service') || version !== null || modelsOf.has(id);

/** Its row is shown without a click. */
export const needsOwner = (runtime: RuntimeView, modelsOf: ReadonlySet<string>): boolean =>
  runtime.state === 'unauthorized' || (serverStepOf(runtime) !== null && isKnownServer(runtime, modelsOf));

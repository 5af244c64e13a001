// Invalid frames: valid messages with a part replaced, removed, added or cut off, and random text.
import fc from 'fast-check';
import type { NodeMessageInput } from '../../src/shared/protocol/node-messages';
import { heartbeat, registration } from './test-node';

/** One valid message of each type, for the node `mine`. */
export const SAMPLES: Readonly<Record<NodeMessageInput['type'], NodeMessageInput>> = {
  node_register: registration({ name: 'n', capability_state: { 'llm-a': 'ready' }, max_concurrent_jobs: 2 }),
  node_heartbeat: heartbeat('mine', {
    gpus: [{ index: 0, available: true, memory_used_gb: 1 }],
    capability_state: { 'llm-a': 'ready' },
    model_residency: { 'llm-a': 'loaded' },
    model_control: true,
  }),
  node_drain: { type: 'node_drain', node_id: 'mine', reason: 'r', timeout_seconds: 5 },
  node_resume: { type: 'node_resume', node_id: 'mine' },
  node_unregister: { type: 'node_unregister', node_id: 'mine', reason: 'r' },
  job_accepted: { type: 'job_accepted', job_id: 'j', attempt: 1 },
  job_chunk: { type: 'job_chunk', job_id: 'j', attempt: 1, seq: 0, data: {} },
  job_result: {
    type: 'job_result',
    job_id: 'j',
    attempt: 1,
    node_id: 'mine',
    success: false,
    error: { code: 'c', message: 'm' },
    processing_time_ms: 1,
    timings: { queue_ms: 1, prompt_tokens: 3, cached_tokens: 2 },
    trace_id: 't',
  },
  model_control_result: { type: 'model_control_result', request_id: 'r', ok: false, code: 'failed', message: 'm' },
};

const KEYS = ['__proto__', 'constructor', 'toString', 'node_id', 'type', 'gpus', 'models', ''];
/** Values that no schema expects. */
export const nasty = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    -1,
    1e308,
    -0,
    2 ** 53 + 1,
    '',
    'victim',
    '__proto__',
    [],
    {},
    [[]],
    true,
    '\u0000',
    '\u202e',
    '\ud800',
    'x'.repeat(70_000),
  ),
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(Array.from({ length: 1025 }, () => ({ model_id: 'm', kind: 'llm', version: '1' }))),
);

/** A message with one of its values, at any depth, replaced, removed or joined by another. */
const mutated = (sample: object): fc.Arbitrary<string> =>
  fc.tuple(fc.nat(), nasty, fc.constantFrom('replace', 'remove', 'add'), fc.constantFrom(...KEYS)).map(([index, value, how, key]) => {
    const copy = structuredClone(sample) as Record<string, unknown>;
    const places = placesOf(copy);
    const place = places[index % Math.max(1, places.length)];
    if (place === undefined) return JSON.stringify({ [key]: value });
    const [holder, name] = place;
    if (how === 'replace') holder[name] = value;
    else if (how === 'remove') Reflect.deleteProperty(holder, name);
    else Object.defineProperty(holder, key, { value, enumerable: true, configurable: true, writable: true });
    return JSON.stringify(copy);
  });

function placesOf(holder: Record<string, unknown>): (readonly [Record<string, unknown>, string])[] {
  return Object.entries(holder).flatMap(([name, value]) => [
    [holder, name] as const,
    ...(typeof value === 'object' && value !== null ? placesOf(value as Record<string, unknown>) : []),
  ]);
}

const cut = (sample: object): fc.Arbitrary<string> =>
  fc.nat({ max: JSON.stringify(sample).length - 1 }).map((length) => JSON.stringify(sample).slice(0, length));

export const brokenFrame = (sample: object): fc.Arbitrary<string> =>
  fc.oneof({ arbitrary: mutated(sample), weight: 8 }, cut(sample), fc.string());

// Whether a node accepts a translated task. A request within the bounds may become a chat completion that has more levels, names or objects.
import { type DecodeError, structureFault } from '../../../../../shared/protocol/decode';
import { MAX_ASSIGN_COST, MAX_JSON_DEPTH } from '../../../../../shared/protocol/limits';
import { memoryOf } from './value-size';

/** `job_assign` has the body in `task`. */
const OUTER_LEVELS = 2;
/** The rest of the message: a list of models among others. */
const OUTER_COST = 50_000;

/** `field`: of the translated body, the one that is too deep, or the largest. Null: a node accepts it. */
export function taskFault(body: object): DecodeError | null {
  const text = JSON.stringify(body);
  const bounds = { maxDepth: MAX_JSON_DEPTH - OUTER_LEVELS, maxCost: MAX_ASSIGN_COST - OUTER_COST };
  const fault = structureFault(text, bounds);
  if (fault === null) return null;
  const fields = Object.entries(body).map(([field, value]: readonly [string, unknown]) => ({
    field,
    text: value === undefined ? '' : JSON.stringify(value),
  }));
  const own = { ...bounds, maxDepth: bounds.maxDepth - 1 };
  const found = fields.find((each) => structureFault(each.text, own) !== null);
  const [largest] = fields.toSorted((one, other) => other.text.length - one.text.length);
  return { field: (found ?? largest)?.field ?? '', reason: `${fault.reason} as translated for the node` };
}

/** More than this is checked and stored in turns of the event loop. */
const LARGE_BYTES = 256 * 1024;

export const isLarge = (body: object): boolean => memoryOf(body, LARGE_BYTES) > LARGE_BYTES;

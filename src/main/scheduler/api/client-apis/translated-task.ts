// A translated task as JSON, if a node accepts it. A request within the bounds may become a chat completion that has more levels, names or
// objects. A large task is written and checked in turns of the event loop.
import { type DecodeError, structureFault } from '../../../../shared/protocol/decode';
import { MAX_ASSIGN_COST, MAX_JSON_DEPTH } from '../../../../shared/protocol/limits';
import type { OpenAiTask } from '../../../../shared/protocol/tasks';
import { fail, ok, type Result } from '../../../../shared/result';
import { isLarge, jsonOf } from '../../../platform/json-in-turns';
import { ownTurn } from '../../../platform/own-turn';

/** `job_assign` has the task, which has the body. */
const TASK_BOUNDS = { maxDepth: MAX_JSON_DEPTH - 1, maxCost: MAX_ASSIGN_COST - 50_000 };
const BODY_BOUNDS = { ...TASK_BOUNDS, maxDepth: TASK_BOUNDS.maxDepth - 1 };

/** The task as JSON. The error names the field of the body that is too deep or too complex alone, else the largest. */
export async function translatedTaskText(task: OpenAiTask): Promise<Result<string, DecodeError>> {
  const turn = isLarge(task) ? ownTurn : () => undefined;
  await turn();
  const text = await jsonOf(task);
  await turn();
  const fault = structureFault(text, TASK_BOUNDS);
  await turn();
  if (fault === null) return ok(text);
  let largest = { field: '', length: 0 };
  for (const [field, value] of Object.entries(task.body)) {
    // As deep as in the body.
    const alone = await jsonOf({ [field]: value });
    await turn();
    const own = structureFault(alone, BODY_BOUNDS);
    if (own !== null) return fail({ field, reason: reasonOf(own) });
    if (alone.length > largest.length) largest = { field, length: alone.length };
  }
  return fail({ field: largest.field, reason: reasonOf(fault) });
}

const reasonOf = ({ reason }: DecodeError): string => `${reason} as translated for the node`;

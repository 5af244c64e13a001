// Parses the JSON body of a request. A large body is checked, parsed, validated and handled in separate turns of the event loop, so that
// other requests and the nodes are served in between.
import type { IncomingHttpHeaders } from 'node:http';
import { type DecodeError, parseCheckedObject, structureFault } from '../../../shared/protocol/decode';
import { MAX_JSON_COST } from '../../../shared/protocol/limits';
import { fail, ok, type Result } from '../../../shared/result';
import { ownTurn } from '../../platform/own-turn';

/** A smaller body takes a few milliseconds in all. */
const LARGE_BODY_CHARACTERS = 256 * 1024;

/** An absent body counts as an empty object. */
export async function parseJsonBody(text: string, maxDepth: number): Promise<Result<object, DecodeError>> {
  if (text === '') return ok({});
  const isLarge = text.length >= LARGE_BODY_CHARACTERS;
  // Its text was made of its bytes in this turn.
  if (isLarge) await ownTurn();
  const fault = structureFault(text, { maxDepth, maxCost: MAX_JSON_COST });
  if (fault !== null) return fail(fault);
  if (!isLarge) return parseCheckedObject(text);
  await ownTurn();
  const parsed = parseCheckedObject(text);
  await ownTurn();
  return parsed;
}

/** Before the handler of a large body: the validation has just ended. */
export async function afterValidation(headers: IncomingHttpHeaders): Promise<void> {
  const isLarge = Number(headers['content-length'] ?? 0) >= LARGE_BODY_CHARACTERS || headers['transfer-encoding'] !== undefined;
  if (isLarge) await ownTurn();
}

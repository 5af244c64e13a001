// Decodes a large message in separate turns of the event loop, so that other nodes and clients are served in between.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { decodeCheckedNodeMessage, decodeNodeMessage, type DecodeError, structureFault } from '../../../shared/protocol/decode';
import { MAX_JSON_COST, MAX_JSON_DEPTH } from '../../../shared/protocol/limits';
import type { NodeMessage } from '../../../shared/protocol/node-messages';
import { fail, type Result } from '../../../shared/result';

/** A smaller message takes a few milliseconds in all. */
export const LARGE_MESSAGE_BYTES = 256 * 1024;

/** Resolves when a message of this size may be decoded, although no node is registered on its socket. */
export type Turn = (bytes: number) => Promise<void>;

export async function decodeInTurns(data: Buffer): Promise<Result<NodeMessage, DecodeError>> {
  if (data.length < LARGE_MESSAGE_BYTES) return decodeNodeMessage(data.toString('utf8'));
  // The library has just joined and unmasked the fragments.
  await nextTurn();
  const text = data.toString('utf8');
  const fault = structureFault(text, { maxDepth: MAX_JSON_DEPTH, maxCost: MAX_JSON_COST });
  await nextTurn();
  const decoded = fault === null ? decodeCheckedNodeMessage(text) : fail(fault);
  await nextTurn();
  return decoded;
}

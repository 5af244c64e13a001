// Decides whether the sender of an upgrade may be a node, and whether it is one that is known. The scheduler that has the members decides;
// a replica asks it.
import type { LoopbackState } from '../../../shared/loopback';
import type { IncomingMessage } from 'node:http';
import type { ErrorCode } from '../../../shared/protocol/codes';
import { NODE_ID_HEADER, NODE_TOKEN_HEADER } from '../../../shared/protocol/limits';
import { fail, ok, type Result } from '../../../shared/result';
import { bearerToken } from '../access/bearer';
import type { WrongTokens } from '../access/wrong-tokens';
import type { NodePrincipal } from '../members/core/principal';
import { joinNonceOf, type NodeGate } from './node-gate';

/** What decides. */
export interface NodeUpgrade {
  /** The bearer. Null here and below: there is none. */
  readonly token: string | null;
  readonly remoteAddress: string | null;
  readonly headerNames: readonly string[];
  readonly joinNonce: string | null;
  /** A node without a member names itself, with the token of its last registration (protocol §1). Other nodes send neither. */
  readonly nodeId: string | null;
  readonly nodeToken: string | null;
}

export interface Admission {
  /** Null: a node that needs no credential. */
  readonly principal: NodePrincipal | null;
  /** The member, or the node, that proved itself. Null: a stranger. */
  readonly knownAs: string | null;
}

export type Admitted = Result<Admission, ErrorCode>;

export interface NodeAdmissionOptions {
  readonly gate: NodeGate;
  readonly wrongTokens: Pick<WrongTokens, 'count'>;
  /** Whether the token proves that its sender is the known node with this id. */
  readonly isProven: (nodeId: string, token: string) => boolean;
}

export function upgradeOf(
  { headers }: IncomingMessage,
  { remoteAddress = null }: { readonly remoteAddress?: string | null | undefined },
): NodeUpgrade {
  const [nodeId, nodeToken] = [headers[NODE_ID_HEADER], headers[NODE_TOKEN_HEADER]];
  return {
    token: bearerToken(headers),
    remoteAddress,
    headerNames: Object.keys(headers),
    joinNonce: joinNonceOf(headers),
    nodeId: typeof nodeId === 'string' ? nodeId : null,
    nodeToken: typeof nodeToken === 'string' ? nodeToken : null,
  };
}

export const nodeAdmission =
  ({ gate, wrongTokens, isProven }: NodeAdmissionOptions) =>
  /** `loopback`: what the replica that has the connection permits its own machine without a key. */
  ({ token, remoteAddress, headerNames, joinNonce, nodeId, nodeToken }: NodeUpgrade, loopback?: LoopbackState): Admitted => {
    const from = remoteAddress ?? undefined;
    const principal = gate(token, from, headerNames, joinNonce, loopback);
    // A request without a token is refused and not counted.
    if (!principal.ok) return fail(principal.error === 'UNAUTHORIZED' && token !== null ? wrongTokens.count(from) : principal.error);
    // A member that joined before is known by its credential.
    if (principal.value?.kind === 'member') return ok({ principal: principal.value, knownAs: principal.value.id });
    const isKnown = nodeId !== null && nodeToken !== null && isProven(nodeId, nodeToken);
    return ok({ principal: principal.value, knownAs: isKnown ? nodeId : null });
  };

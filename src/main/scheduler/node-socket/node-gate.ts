// Decides about a node at its upgrade: by its credential, or by the mode of the server for nodes without one (ADR 0021).
import type { LoopbackState } from '../../../shared/loopback';
import type { IncomingHttpHeaders } from 'node:http';
import { joinNonceSchema } from '../../../shared/api/members';
import type { ErrorCode } from '../../../shared/protocol/codes';
import { JOIN_NONCE_HEADER } from '../../../shared/protocol/limits';
import { fail, ok, type Result } from '../../../shared/result';
import {
  type AuthenticationFailure,
  authorize,
  isOwnSecret,
  type LoopbackPolicy,
  loopbackStateOf,
  type Principal,
} from '../members/core/principal';

/**
 * `token`: the bearer of the upgrade. `joinNonce`: null: there is none. `loopback`: what a replica with the connection permits its own
 * machine. Null in the result: a node without a credential may join.
 */
export type NodeGate = (
  token: string | null,
  remoteAddress: string | undefined,
  headerNames: readonly string[],
  joinNonce: string | null,
  loopback?: LoopbackState,
) => Result<Principal | null, ErrorCode>;

export interface NodeGateOptions {
  readonly loopback: LoopbackPolicy;
  /** `server.allow_open_lan`: any machine may join without a credential. */
  readonly isOpenToLan: boolean;
  readonly authenticate: (
    secret: string,
    joinNonce: string | null,
    remoteAddress: string | undefined,
  ) => Result<Principal, AuthenticationFailure>;
}

export const nodeGate =
  ({ loopback, isOpenToLan, authenticate }: NodeGateOptions): NodeGate =>
  (token, remoteAddress, headerNames, joinNonce, most) => {
    const state = loopbackStateOf(loopback, remoteAddress, headerNames, most);
    const isOpen = state === 'open' || isOpenToLan;
    const authenticated = token === null ? null : authenticate(token, joinNonce, remoteAddress);
    // A token of an earlier version counts as none where none is required.
    const isForeign = token !== null && authenticated?.ok === false && !isOwnSecret(token);
    if (isOpen && (authenticated === null || isForeign)) return ok(null);
    const caller = authorize('be_a_node', authenticated, state);
    return caller.ok ? ok(caller.value.principal) : fail(caller.error);
  };

/** A nonce of a wrong form counts as none. */
export function joinNonceOf(headers: IncomingHttpHeaders): string | null {
  const nonce = joinNonceSchema.safeParse(headers[JOIN_NONCE_HEADER]);
  return nonce.success ? nonce.data : null;
}

// Decides about a node at its upgrade: by its credential, or by the mode of the server for nodes without one (ADR 0021).
import type { ErrorCode } from '../../../shared/protocol/codes';
import { fail, ok, type Result } from '../../../shared/result';
import {
  type AuthenticationFailure,
  authorize,
  isOwnSecret,
  type LoopbackPolicy,
  loopbackStateOf,
  type Principal,
} from '../members/core/principal';

/** `token`: the bearer of the upgrade. Null in the result: a node without a credential may join. */
export type NodeGate = (
  token: string | null,
  remoteAddress: string | undefined,
  headerNames: readonly string[],
) => Result<Principal | null, ErrorCode>;

export interface NodeGateOptions {
  readonly loopback: LoopbackPolicy;
  /** `server.allow_open_lan`: any machine may join without a credential. */
  readonly isOpenToLan: boolean;
  readonly authenticate: (secret: string) => Result<Principal, AuthenticationFailure>;
}

export const nodeGate =
  ({ loopback, isOpenToLan, authenticate }: NodeGateOptions): NodeGate =>
  (token, remoteAddress, headerNames) => {
    const state = loopbackStateOf(loopback, remoteAddress, headerNames);
    const isOpen = state === 'open' || isOpenToLan;
    const authenticated = token === null ? null : authenticate(token);
    // A token of an earlier version counts as none where none is required.
    const isForeign = token !== null && authenticated?.ok === false && !isOwnSecret(token);
    if (isOpen && (authenticated === null || isForeign)) return ok(null);
    const caller = authorize('be_a_node', authenticated, state);
    return caller.ok ? ok(caller.value.principal) : fail(caller.error);
  };

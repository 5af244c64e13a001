// The side of the host when a computer joins by digits (ADR 0022). The order is strict: a commitment, its opening, then both people.
// Nothing is shown before the commitment was opened, and no credential exists before both people confirmed.
import type { NewcomerRoles } from '../../../shared/api/join-requests';
import type { JoinCrypto } from './join-crypto';
import type { Approval, HostMessage, JoinClaims, JoinerMessage } from './join-messages';

/** Fixed for one connection. */
export interface HostContext {
  readonly pin: string;
  readonly exporter: string;
  /** Fresh for each attempt. */
  readonly nonce: string;
}

export type HostOutcome = 'joined' | 'denied' | 'different' | 'expired' | 'left' | 'broken' | 'not_issued';

export type HostState =
  | { readonly at: 'hello' }
  | { readonly at: 'reveal'; readonly key: string; readonly commitment: string }
  | { readonly at: 'compare'; readonly claims: JoinClaims; readonly roles: NewcomerRoles | null; readonly isConfirmed: boolean }
  | { readonly at: 'issuing' }
  | { readonly at: 'ended'; readonly outcome: HostOutcome };

export type HostEvent =
  /** Null: the bytes are not a message. */
  | { readonly type: 'message'; readonly message: JoinerMessage | null }
  /** The decision of the owner of the pool. Null: denied. */
  | { readonly type: 'decided'; readonly roles: NewcomerRoles | null }
  /** Null: no credential could be created. */
  | { readonly type: 'issued'; readonly approval: Approval | null }
  | { readonly type: 'expired' }
  | { readonly type: 'left' };

export type HostEffect =
  | { readonly type: 'send'; readonly message: HostMessage }
  | { readonly type: 'show'; readonly claims: JoinClaims; readonly digits: string }
  /** The request changed: a person confirmed. `roles` null: not approved. */
  | { readonly type: 'update'; readonly roles: NewcomerRoles | null; readonly isConfirmed: boolean }
  | { readonly type: 'issue'; readonly claims: JoinClaims; readonly roles: NewcomerRoles }
  | { readonly type: 'end'; readonly outcome: HostOutcome };

type Step = readonly [HostState, readonly HostEffect[]];

export const HOST_START: HostState = { at: 'hello' };

export function stepHost(state: HostState, event: HostEvent, context: HostContext, crypto: JoinCrypto): Step {
  if (state.at === 'ended') return [state, []];
  switch (event.type) {
    case 'expired':
    case 'left':
      return ended(event.type);
    case 'message':
      return onMessage(state, event.message, context, crypto);
    case 'decided':
      if (state.at !== 'compare') return [state, []];
      return event.roles === null ? ended('denied', { type: 'denied' }) : onPeople({ ...state, roles: event.roles });
    case 'issued':
      if (state.at !== 'issuing') return [state, []];
      return event.approval === null ? ended('not_issued', { type: 'denied' }) : ended('joined', { type: 'approved', ...event.approval });
  }
}

function onMessage(state: HostState, message: JoinerMessage | null, context: HostContext, crypto: JoinCrypto): Step {
  if (state.at === 'hello' && message?.type === 'hello') {
    if (!crypto.isKey(message.key)) return ended('broken');
    const { key, commitment } = message;
    return [{ at: 'reveal', key, commitment }, [{ type: 'send', message: { type: 'nonce', nonce: context.nonce } }]];
  }
  if (state.at === 'reveal' && message?.type === 'reveal') return onReveal(state, message, context, crypto);
  if (state.at === 'compare' && !state.isConfirmed && message?.type === 'same') return onPeople({ ...state, isConfirmed: true });
  if (state.at === 'compare' && message?.type === 'different') return ended('different');
  return ended('broken');
}

function onReveal(
  { key, commitment }: Extract<HostState, { at: 'reveal' }>,
  { nonce: joinerNonce, proof, name, gpus, roles }: Extract<JoinerMessage, { type: 'reveal' }>,
  { pin, exporter, nonce: hostNonce }: HostContext,
  crypto: JoinCrypto,
): Step {
  const transcript = { pin, key, exporter, joinerNonce, hostNonce };
  if (crypto.commitmentTo(joinerNonce, key) !== commitment || !crypto.isProof(transcript, proof)) return ended('broken');
  const claims = { name, gpus, roles };
  return [{ at: 'compare', claims, roles: null, isConfirmed: false }, [{ type: 'show', claims, digits: crypto.digitsOf(transcript) }]];
}

function onPeople(state: Extract<HostState, { at: 'compare' }>): Step {
  const { roles, isConfirmed, claims } = state;
  const update: HostEffect = { type: 'update', roles, isConfirmed };
  return roles !== null && isConfirmed ? [{ at: 'issuing' }, [update, { type: 'issue', claims, roles }]] : [state, [update]];
}

function ended(outcome: HostOutcome, message?: HostMessage): Step {
  const sent: readonly HostEffect[] = message === undefined ? [] : [{ type: 'send', message }];
  return [{ at: 'ended', outcome }, [...sent, { type: 'end', outcome }]];
}

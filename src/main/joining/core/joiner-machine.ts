// The side of the newcomer when it joins by digits (ADR 0022). It accepts an approval only after its own person confirmed: a man in
// the middle can always send one.
import type { JoinCrypto } from './join-crypto';
import type { Approval, HostMessage, JoinClaims, JoinerMessage } from './join-messages';

/** Fixed for one connection. */
export interface JoinerContext {
  /** The pin of the CA that signed the certificate of this connection. */
  readonly pin: string;
  readonly exporter: string;
  readonly key: string;
  /** Fresh for each attempt. */
  readonly nonce: string;
  readonly claims: JoinClaims;
}

/** With the private key of `JoinerContext.key`. */
export interface JoinerCrypto extends JoinCrypto {
  sign(transcript: Parameters<JoinCrypto['digitsOf']>[0]): string;
}

export type JoinerOutcome =
  | { readonly code: 'joined'; readonly approval: Approval }
  | { readonly code: 'busy'; readonly retryAfterSeconds: number }
  | { readonly code: 'denied' | 'different' | 'expired' | 'closed' | 'broken' };

export type JoinerState =
  | { readonly at: 'start' }
  | { readonly at: 'nonce' }
  | { readonly at: 'compare' }
  | { readonly at: 'confirmed' }
  | { readonly at: 'ended'; readonly outcome: JoinerOutcome };

export type JoinerEvent =
  | { readonly type: 'opened' }
  /** Null: the bytes are not a message. */
  | { readonly type: 'message'; readonly message: HostMessage | null }
  /** The answer of the person at this computer. */
  | { readonly type: 'answered'; readonly isSame: boolean }
  | { readonly type: 'expired' }
  | { readonly type: 'closed' };

export type JoinerEffect =
  | { readonly type: 'send'; readonly message: JoinerMessage }
  | { readonly type: 'compare'; readonly digits: string }
  | { readonly type: 'end'; readonly outcome: JoinerOutcome };

type Step = readonly [JoinerState, readonly JoinerEffect[]];

export const JOINER_START: JoinerState = { at: 'start' };

export function stepJoiner(state: JoinerState, event: JoinerEvent, context: JoinerContext, crypto: JoinerCrypto): Step {
  if (state.at === 'ended') return [state, []];
  switch (event.type) {
    case 'expired':
    case 'closed':
      return ended({ code: event.type });
    case 'opened': {
      if (state.at !== 'start') return ended({ code: 'broken' });
      const commitment = crypto.commitmentTo(context.nonce, context.key);
      return [{ at: 'nonce' }, [{ type: 'send', message: { type: 'hello', key: context.key, commitment } }]];
    }
    case 'answered':
      if (state.at !== 'compare') return [state, []];
      if (event.isSame) return [{ at: 'confirmed' }, [{ type: 'send', message: { type: 'same' } }]];
      return ended({ code: 'different' }, { type: 'different' });
    case 'message':
      return onMessage(state, event.message, context, crypto);
  }
}

function onMessage(state: JoinerState, message: HostMessage | null, context: JoinerContext, crypto: JoinerCrypto): Step {
  if (state.at === 'nonce' && message?.type === 'nonce') {
    const { pin, exporter, key, nonce, claims } = context;
    const transcript = { pin, key, exporter, joinerNonce: nonce, hostNonce: message.nonce };
    const reveal: JoinerMessage = { type: 'reveal', nonce, proof: crypto.sign(transcript), ...claims };
    return [
      { at: 'compare' },
      [
        { type: 'send', message: reveal },
        { type: 'compare', digits: crypto.digitsOf(transcript) },
      ],
    ];
  }
  if (state.at === 'nonce' && message?.type === 'busy') return ended({ code: 'busy', retryAfterSeconds: message.retry_after_seconds });
  if ((state.at === 'compare' || state.at === 'confirmed') && message?.type === 'denied') return ended({ code: 'denied' });
  if (state.at === 'confirmed' && message?.type === 'approved') {
    const { type: _type, ...approval } = message;
    return ended({ code: 'joined', approval });
  }
  return ended({ code: 'broken' });
}

function ended(outcome: JoinerOutcome, message?: JoinerMessage): Step {
  const sent: readonly JoinerEffect[] = message === undefined ? [] : [{ type: 'send', message }];
  return [{ at: 'ended', outcome }, [...sent, { type: 'end', outcome }]];
}

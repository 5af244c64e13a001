// Wrong tokens by source: counted, logged, and refused with 429 when there are too many. A right token from the same source is always
// accepted: other people may share the address.
import type { IncomingHttpHeaders } from 'node:http';
import type { ErrorCode } from '../../../shared/protocol/codes';
import type { AbuseLog } from '../../platform/abuse-log';
import type { Clock } from '../../platform/clock';
import { sourceOf } from '../../platform/source-address';
import { TokenBuckets } from '../../platform/token-buckets';
import { bearerToken } from './bearer';

/** A person who types a token again, and a program with an old token that retries, stay below this. */
const WRONG_TOKENS = { capacity: 20, perSecond: 0.2 } as const;

export class WrongTokens {
  readonly #options: { readonly clock: Clock; readonly abuse: AbuseLog };
  readonly #buckets = new TokenBuckets(WRONG_TOKENS);

  constructor(options: { readonly clock: Clock; readonly abuse: AbuseLog }) {
    this.#options = options;
  }

  /** For a request whose token is not valid here. A request without a token is refused and not counted. */
  refusal(headers: IncomingHttpHeaders, remoteAddress: string | undefined): Extract<ErrorCode, 'UNAUTHORIZED' | 'TOO_MANY_ATTEMPTS'> {
    return bearerToken(headers) === null ? 'UNAUTHORIZED' : this.count(remoteAddress);
  }

  /** For a secret that this scheduler does not know. */
  count(remoteAddress: string | undefined): Extract<ErrorCode, 'UNAUTHORIZED' | 'TOO_MANY_ATTEMPTS'> {
    const { clock, abuse } = this.#options;
    const from = sourceOf(remoteAddress);
    abuse.authFailed(from);
    if (this.#buckets.take(from, clock.monotonicMs()) === 0) return 'UNAUTHORIZED';
    abuse.limitReached('wrong_tokens_per_address', from);
    return 'TOO_MANY_ATTEMPTS';
  }
}

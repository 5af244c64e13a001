// The proof that this scheduler knows a secret, for programs of this computer that are about to send the secret (ADR 0023).
import { z } from 'zod';
import { proofOf } from '../../trust/proof';
import type { WrongTokens } from '../access/wrong-tokens';
import { errorCodeAnswer, json, route, type Route } from './route';

/** `hashOf` null: there is no such secret. */
interface Secrets {
  hashOf(fingerprint: string): string | null;
}

export interface ProofRouteOptions {
  readonly members: Secrets;
  /** The tokens of nodes. */
  readonly identities: Secrets;
  readonly wrongTokens: Pick<WrongTokens, 'count'>;
}

const base64Url = (characters: number) => z.string().regex(new RegExp(`^[\\w-]{${String(characters)}}$`));

export const proofRoute = ({ members, identities, wrongTokens }: ProofRouteOptions): Route =>
  route({
    method: 'GET',
    path: '/api/v1/proof',
    access: 'anyone',
    summary: 'Proves that the scheduler knows the secret with this fingerprint, before a program of this computer sends the secret.',
    query: z.object({
      /** The fingerprint of the secret. */
      key: base64Url(22),
      /** Chosen at random for this request, 32 bytes. */
      nonce: base64Url(43),
    }),
    answers: { schema: { name: 'Proof', schema: z.object({ proof: z.string() }) } },
    errors: ['UNAUTHORIZED', 'TOO_MANY_ATTEMPTS'],
    handle({ query: { key, nonce }, from, at }) {
      const hash = members.hashOf(key) ?? identities.hashOf(key);
      return hash === null ? errorCodeAnswer(wrongTokens.count(from)) : json({ proof: proofOf(hash, nonce, at) });
    },
  });

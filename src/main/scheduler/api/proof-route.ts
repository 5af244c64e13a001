// The proof that this scheduler knows a secret, for programs of this computer that are about to send the secret (ADR 0023).
import { z } from 'zod';
import type { WrongTokens } from '../access/wrong-tokens';
import type { Members } from '../members/members';
import { errorCodeAnswer, json, route, type Route } from './route';

export interface ProofRouteOptions {
  readonly members: Pick<Members, 'prove'>;
  readonly wrongTokens: Pick<WrongTokens, 'count'>;
}

const base64Url = (characters: number) => z.string().regex(new RegExp(`^[\\w-]{${String(characters)}}$`));

export const proofRoute = ({ members, wrongTokens }: ProofRouteOptions): Route =>
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
      const proof = members.prove(key, nonce, at);
      return proof === null ? errorCodeAnswer(wrongTokens.count(from)) : json({ proof });
    },
  });

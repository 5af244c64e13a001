// Makes secrets and ids, and hashes secrets. A secret is only ever a return value.
import { randomBytes } from 'node:crypto';
import { secretHashOf } from '../../trust/proof';

const SECRET_BYTES = 32;
const ID_BYTES = 6;

export type SecretPrefix = 'mk' | 'mi' | 'mn' | 'ms';

export interface NewSecret {
  readonly secret: string;
  readonly hash: string;
}

export function newSecret(prefix: SecretPrefix): NewSecret {
  const secret = `${prefix}_${randomBytes(SECRET_BYTES).toString('base64url')}`;
  return { secret, hash: hashOf(secret) };
}

/** SHA-256, base64url. A look-up by the hash reveals nothing about the secret by its time: the caller cannot choose the hash. */
export const hashOf = secretHashOf;

export const newId = (kind: 'key' | 'inv' | 'mem'): string => `${kind}-${randomBytes(ID_BYTES).toString('hex')}`;

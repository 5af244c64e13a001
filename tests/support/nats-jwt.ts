// An operator, an account and a user of NATS with signed JWTs: the configuration of a server that trusts the operator, and the user's file.
import { createHash } from 'node:crypto';
import { nkeys } from '@nats-io/transport-node';

type KeyPair = ReturnType<typeof nkeys.createUser>;

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function jwt(issuer: KeyPair, subject: KeyPair, name: string, nats: object): string {
  const claims = { iat: Math.floor(Date.now() / 1000), iss: issuer.getPublicKey(), name, sub: subject.getPublicKey(), nats };
  const jti = createHash('sha256').update(JSON.stringify(claims)).digest('hex');
  const content = `${base64url({ typ: 'JWT', alg: 'ed25519-nkey' })}.${base64url({ jti, ...claims })}`;
  return `${content}.${Buffer.from(issuer.sign(Buffer.from(content))).toString('base64url')}`;
}

export function signedUser(): { readonly configuration: string; readonly creds: string } {
  const [operator, account, user] = [nkeys.createOperator(), nkeys.createAccount(), nkeys.createUser()];
  const limits = { subs: -1, data: -1, payload: -1, imports: -1, exports: -1, wildcards: true, conn: -1, leaf: -1 };
  const operatorJwt = jwt(operator, operator, 'operator', { type: 'operator', version: 2 });
  const accountJwt = jwt(operator, account, 'pool', { type: 'account', version: 2, limits });
  const userJwt = jwt(account, user, 'muster', { type: 'user', version: 2, subs: -1, data: -1, payload: -1 });
  const seed = Buffer.from(user.getSeed()).toString();
  return {
    configuration: `operator: ${operatorJwt}\nresolver: MEMORY\nresolver_preload: { ${account.getPublicKey()}: ${accountJwt} }\n`,
    creds: [
      '-----BEGIN NATS USER JWT-----',
      userJwt,
      '------END NATS USER JWT------',
      '',
      '-----BEGIN USER NKEY SEED-----',
      seed,
      '------END USER NKEY SEED------',
      '',
    ].join('\n'),
  };
}

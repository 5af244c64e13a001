// The content of a credentials file of the bus, in one of three forms: a `.creds` file of NATS (JWT and seed), the seed of an nkey, or lines
// `user=...`, `password=...`, `token=...`.
import { fail, ok, type Result } from '../../../../../shared/result';

export type NatsCredentials =
  | { readonly type: 'creds'; readonly text: string }
  | { readonly type: 'nkey'; readonly seed: string }
  | { readonly type: 'password'; readonly user: string; readonly password: string }
  | { readonly type: 'token'; readonly token: string };

const SEED = /^SU[A-Z2-7]{56}$/;
const CREDS = /-----BEGIN NATS USER JWT-----[^]+-----BEGIN USER NKEY SEED-----/;

/** The error contains nothing of the file. */
export function parseNatsCredentials(text: string): Result<NatsCredentials, string> {
  const content = text.trim();
  if (CREDS.test(content)) return ok({ type: 'creds', text });
  if (SEED.test(content)) return ok({ type: 'nkey', seed: content });
  const values = new Map<string, string>();
  for (const line of content.split(/\r?\n/).filter((line) => line.trim() !== '' && !line.startsWith('#'))) {
    const at = line.indexOf('=');
    if (at < 1) return fail('expected a .creds file, an nkey seed, or lines user=, password=, token=');
    values.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  const [user, password, token] = ['user', 'password', 'token'].map((key) => values.get(key));
  if (token !== undefined && values.size === 1) return ok({ type: 'token', token });
  if (user !== undefined && password !== undefined && values.size === 2) return ok({ type: 'password', user, password });
  return fail('expected user= and password=, or token= alone');
}

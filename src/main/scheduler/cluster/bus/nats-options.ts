// The options of the NATS client: what the addresses, the credentials file and the CA file of the configuration mean for it.
import { readFileSync } from 'node:fs';
import { checkServerIdentity, type PeerCertificate } from 'node:tls';
import type * as nats from '@nats-io/transport-node';
import { reasonOfError } from '../../../../shared/errors';
import { fail, ok, type Result } from '../../../../shared/result';
import { parseNatsAddress, type NatsAddress } from './core/nats-address';
import { parseNatsCredentials } from './core/nats-credentials';

export interface NatsSettings {
  /** Addresses with commas between (core/nats-address.ts). */
  readonly url: string;
  /** A file with user and password, token, nkey seed or JWT (core/nats-credentials.ts). Read for each connection, so it can be replaced. */
  readonly credentialsFile: string | null;
  /** The CA of the servers, for tls://. Null: those of the system. */
  readonly caFile: string | null;
  /** Shown in the monitoring of the server. */
  readonly memberName: string;
}

/**
 * The client would notice a server that hangs after 4 to 6 minutes. These pings find it after 3 to 4.5 s. A leader without the bus lets
 * another member lead up to 4 s later, and together both take less than 10 s.
 */
const PING_MS = 1500;
const MAX_PINGS_OUT = 2;
const CONNECT_TIMEOUT_MS = 5000;
const RECONNECT_MS = 250;

/** What this file needs of the client's module, which is loaded only when a bus is configured. */
type Client = Pick<typeof nats, 'credsAuthenticator' | 'nkeyAuthenticator'>;

/** A file of credentials that cannot be used. */
export class CredentialsError extends Error {}

export function natsAddress({ url, caFile, credentialsFile }: NatsSettings): Result<NatsAddress, string> {
  const address = parseNatsAddress(url);
  if (!address.ok) return address;
  if (caFile !== null && !address.value.isTls) return fail('a CA file needs addresses with tls://');
  if (credentialsFile !== null && address.value.user !== null)
    return fail('the credentials are in the addresses or in a file, not in both');
  return ok(address.value);
}

/** Throws CredentialsError when the credentials cannot be read. */
export function natsOptions(settings: NatsSettings, address: NatsAddress, client: Client): nats.NodeConnectionOptions {
  return {
    servers: [...address.servers],
    name: settings.memberName,
    ...authentication(settings, address, client),
    tls: address.isTls ? tlsOptions(settings, address) : null,
    maxReconnectAttempts: -1,
    // A server may refuse for a moment, while its users are changed.
    ignoreAuthErrorAbort: true,
    reconnectTimeWait: RECONNECT_MS,
    reconnectJitter: RECONNECT_MS,
    reconnectJitterTLS: RECONNECT_MS,
    pingInterval: PING_MS,
    maxPingOut: MAX_PINGS_OUT,
    timeout: CONNECT_TIMEOUT_MS,
    noAsyncTraces: true,
  };
}

function authentication(
  { credentialsFile }: NatsSettings,
  { user, password }: NatsAddress,
  client: Client,
): Partial<nats.NodeConnectionOptions> {
  if (user !== null) return { user, pass: password ?? '' };
  if (credentialsFile === null) return {};
  readAuthenticator(credentialsFile, client);
  return { authenticator: (nonce) => readAuthenticator(credentialsFile, client)(nonce) };
}

function readAuthenticator(file: string, client: Client): nats.Authenticator {
  const credentials = parseNatsCredentials(textOf(file));
  if (!credentials.ok) throw new CredentialsError(`${file}: ${credentials.error}`);
  const { value } = credentials;
  switch (value.type) {
    case 'creds':
      return client.credsAuthenticator(new TextEncoder().encode(value.text));
    case 'nkey':
      return client.nkeyAuthenticator(new TextEncoder().encode(value.seed));
    case 'password':
      return () => ({ user: value.user, pass: value.password });
    case 'token':
      return () => ({ auth_token: value.token });
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new CredentialsError(`${file}: cannot be read (${reasonOfError(cause)})`);
  }
}

/**
 * The client gives TLS no name for a server with an IP address, so that TLS would check the name `localhost`. The certificate must be for
 * one of the configured hosts; this also covers the servers of the cluster that the first one names.
 */
function tlsOptions({ caFile }: NatsSettings, { hosts }: NatsAddress): NonNullable<nats.NodeConnectionOptions['tls']> {
  const check = (_name: string, certificate: PeerCertificate): Error | undefined => {
    const errors = hosts.map((host) => checkServerIdentity(host, certificate));
    return errors.includes(undefined) ? undefined : errors[0];
  };
  return { ...(caFile === null ? {} : { caFile }), ...{ checkServerIdentity: check } };
}

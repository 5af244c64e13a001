// The keys of `[server]`.
import { z } from 'zod';
import { LOOPBACK_MODES } from './config';
import { boolean, type ConfigKey, list, number, text } from './config-key';
import { count, MAX_BODY_BYTES, path, seconds } from './key-schemas';

export const SERVER_KEYS = {
  'server.host': text(
    z.string().min(1).max(255).toLowerCase(),
    '127.0.0.1',
    'Address to listen on. On any address but loopback, nodes need an invitation, or join by six digits, unless `allow_open_lan` is set.',
    'host',
  ),
  'server.port': number(
    z.number().int().min(0).max(65_535),
    7080,
    'Port of the node socket, the API and the dashboard. 0 selects a free port at each start: nodes that joined without a pin then register as new ones.',
    'port',
  ),
  'server.ollama_port': number(
    z.number().int().min(0).max(65_535),
    0,
    "A second port with the same access rules, for programs that expect Ollama; Ollama's own port is 11434. Opened at the start if it is free. 0: none.",
  ),
  'server.max_message_bytes': number(
    z.number().int().min(65_536).max(268_435_456),
    16_777_216,
    'Largest frame from a registered node, in bytes.',
  ),
  'server.max_body_bytes': number(
    z.number().int().min(1024).max(MAX_BODY_BYTES),
    MAX_BODY_BYTES,
    'Largest body of a job or an OpenAI request, in bytes. A larger body is refused before it is read completely.',
  ),
  'server.registration_timeout_seconds': number(seconds, 10, 'A socket without a registration is closed after this time.'),
  'server.first_message_timeout_seconds': number(
    seconds,
    2,
    'A node socket whose first message is not complete after this time is closed, unless the node is known at the upgrade.',
  ),
  'server.max_handshakes_per_address': number(
    z.number().int().min(1).max(10_000),
    8,
    'Node sockets of one address whose first registration is not answered. Nodes that are known at the upgrade do not count.',
  ),
  'server.max_new_nodes_per_minute': number(
    count,
    60,
    'Registrations of unknown nodes from one address (IPv6: one /64 network), per minute and at once. Known nodes do not count.',
  ),
  'server.max_connections_per_address': number(
    z.number().int().min(16).max(1_000_000),
    1024,
    'Open HTTP connections of one address, and as many that have not started yet. Node sockets do not count.',
  ),
  'server.allow_open_lan': boolean(z.boolean(), false, 'Let any machine that reaches the address join without an invitation.'),
  'server.loopback': text(
    z.enum(LOOPBACK_MODES),
    'open' as const,
    'Callers on this computer without a key: `open`, they may send jobs and be nodes; `keys`, they need a key. `open` holds only on a loopback address, without `allowed_hosts`, and for requests that no proxy forwarded.',
  ),
  'server.allowed_hosts': list(
    z.array(z.string().min(1).max(255)).max(64),
    [],
    'Further host names under which browsers may reach the server, besides IP addresses and its own names.',
  ),
  'server.tls_cert_file': text(
    path,
    null,
    'Certificate for connections from other computers, in PEM, followed by the certificates of its issuers. Default: a certificate of the own CA of the pool.',
  ),
  'server.tls_key_file': text(path, null, 'Private key of `server.tls_cert_file`, in PEM without a passphrase.'),
  'server.plain_http_api': boolean(
    z.boolean(),
    false,
    'Let programs on other computers use the OpenAI API and send jobs without TLS, with a key of the role `client`. The key and all content can be read on the network.',
    'plain-http-api',
  ),
  'server.announce': boolean(
    z.boolean(),
    true,
    'Announce a shared pool in the local networks (DNS-SD), so that other computers find the pool. The host name goes out in clear.',
    'announce',
  ),
} as const satisfies Record<string, ConfigKey>;

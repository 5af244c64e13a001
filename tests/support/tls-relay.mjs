// A man in the middle as a program: node tls-relay.mjs CERT KEY PORT HOST HOST_PORT. It ends TLS with its own certificate, reads all
// bytes, and passes them on over its own TLS connection. One line of JSON for each event.
import { readFileSync } from 'node:fs';
import { connect, createServer } from 'node:tls';

const [, , certFile = '', keyFile = '', port = '', host = '', hostPort = ''] = process.argv;

/** @param {object} event */
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);

const server = createServer({ cert: readFileSync(certFile), key: readFileSync(keyFile), minVersion: 'TLSv1.3' }, (client) => {
  const pool = connect({ host, port: Number(hostPort), rejectUnauthorized: false });
  client.on('data', (/** @type {Buffer} */ bytes) => say({ event: 'client_bytes', level: 'info', bytes: bytes.length }));
  client.pipe(pool).pipe(client);
  for (const socket of [client, pool]) socket.on('error', () => [client, pool].forEach((each) => each.destroy()));
});
// A client that refuses the certificate may end the connection during the handshake, or just after it.
server.on('connection', () => say({ event: 'client_connected', level: 'info' }));
server.on('tlsClientError', () => undefined);
server.listen(Number(port), () => say({ event: 'relay_listening', level: 'info' }));

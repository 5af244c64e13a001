// The endpoint `/ws/join`: access checks of the upgrade, and the sockets of newcomers. Only over TLS, because the digits depend on the
// keying material of the connection.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { type WebSocket, WebSocketServer } from 'ws';
import type { ErrorCode } from '../../../shared/protocol/codes';
import { MAX_JOIN_BYTES } from '../../joining/core/join-messages';
import { exporterOf } from '../../joining/join-crypto';
import type { JoinConnection, JoinLink } from '../../joining/join-host';
import { type AccessPolicy, rejectReason } from '../access/access-policy';
import { refuseSocket } from '../access/error-response';
import { transportOf } from '../access/transport';

/** How long a peer may take to answer a close. */
const CLOSE_WAIT_MS = 2000;
const NORMAL_CLOSE = 1000;

/** Who answers newcomers: the host of joining, or the replica that forwards them. */
export interface NewcomerHost {
  /** Null: too many connections are open. */
  open(link: JoinLink): JoinConnection | null;
  stop(): void;
}

/** The answer where too many connections are open. */
export const BUSY_TEXT = JSON.stringify({ type: 'busy', retry_after_seconds: 120 });

export class JoinEndpoint {
  readonly #access: AccessPolicy;
  readonly #server: WebSocketServer;
  #host: NewcomerHost | null = null;

  constructor(access: AccessPolicy) {
    this.#access = access;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: MAX_JOIN_BYTES,
      ...{ maxFragments: 4, closeTimeout: CLOSE_WAIT_MS },
    });
    this.#server.on('wsClientError', (error, socket, request) => {
      refuseSocket(socket, 'INVALID_REQUEST', { field: 'upgrade', reason: error.message }, request);
    });
  }

  /** From now on newcomers are accepted. */
  serve(host: NewcomerHost): void {
    this.#host = host;
  }

  stop(): void {
    this.#host?.stop();
    this.#host = null;
  }

  /** For the `upgrade` event of the HTTP server. */
  readonly upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    const host = this.#host;
    const refusal = this.#refusal(request);
    if (refusal !== null || host === null || !(socket instanceof TLSSocket)) {
      refuseSocket(socket, refusal ?? 'NOT_FOUND', null, request);
      return;
    }
    const address = (socket.remoteAddress ?? '').replace(/^::ffff:/i, '');
    const exporter = exporterIfOpen(socket);
    if (exporter === null) {
      socket.destroy();
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (ws) => {
      let connection: JoinConnection | null = null;
      ws.on('error', () => {
        ws.terminate();
      });
      connection = host.open({
        address,
        exporter,
        send: (text) => {
          ws.send(text);
        },
        close: () => {
          ws.close(NORMAL_CLOSE);
        },
      });
      if (connection === null) refuseBusy(ws);
      else listen(ws, connection);
    });
  };

  #refusal(request: IncomingMessage): ErrorCode | null {
    const transport = transportOf(request.socket);
    const { headers, rawHeaders, url } = request;
    const caller = rejectReason(this.#access, { headers, rawHeaders, url, transport });
    if (caller !== null) return caller;
    return transport === 'tls' ? null : 'TLS_REQUIRED';
  }
}

/** Null: the peer has disconnected already. */
function exporterIfOpen(socket: TLSSocket): string | null {
  try {
    return exporterOf(socket);
  } catch {
    return null;
  }
}

function refuseBusy(ws: WebSocket): void {
  ws.send(BUSY_TEXT);
  ws.close(NORMAL_CLOSE);
}

function listen(ws: WebSocket, connection: JoinConnection): void {
  ws.on('message', (data, isBinary) => {
    // `ws` hands out one Buffer per message by default.
    connection.received(isBinary ? '' : (data as Buffer).toString('utf8'));
  });
  ws.on('close', () => {
    connection.closed();
  });
}

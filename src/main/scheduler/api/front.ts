// The listening server of a member of a cluster. It stays open while the server behind it changes: new connections go to the present one.
import { createServer, type Server } from 'node:http';
import type { ListeningServer } from './listening-server';

export class Front implements ListeningServer {
  readonly server: Server;
  #behind: Server;

  constructor(first: Server) {
    this.#behind = first;
    this.server = createServer();
    // Connections are parsed by the server behind.
    this.server.removeAllListeners('connection');
    this.server.on('connection', (socket) => this.#behind.emit('connection', socket));
    startTimeouts(first);
  }

  /** Open connections stay with the server to which they went. Their owner closes them. */
  serve(next: Server): void {
    if (next === this.#behind) return;
    this.#behind = next;
    startTimeouts(next);
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  listen({ host, port }: { readonly host: string; readonly port: number }): Promise<void> {
    return new Promise((resolve, reject) => {
      this.server.once('error', reject);
      this.server.listen(port, host, () => {
        this.server.off('error', reject);
        resolve();
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => {
        resolve();
      });
    });
  }
}

/** Starts the timers behind headersTimeout and requestTimeout. Node starts them when a server listens, and this one never does. */
const startTimeouts = (server: Server): boolean => server.emit('listening');

// Passes connections on to a port of this machine, until the test closes it: a scheduler that is gone for its clients.
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { within } from './within';

export class TcpProxy {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  /** Connections since the start. */
  accepted = 0;

  private constructor(toPort: number) {
    this.#server = createServer((client) => {
      this.accepted++;
      const scheduler = connect({ port: toPort, host: '127.0.0.1' });
      for (const socket of [client, scheduler]) {
        this.#sockets.add(socket);
        socket.on('error', () => undefined);
        socket.on('close', () => {
          client.destroy();
          scheduler.destroy();
        });
      }
      client.pipe(scheduler).pipe(client);
    });
  }

  /** `port`: 0 takes a free one. */
  static async open(toPort: number, port = 0): Promise<TcpProxy> {
    const proxy = new TcpProxy(toPort);
    await new Promise<void>((resolve) => proxy.#server.listen(port, '127.0.0.1', resolve));
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Breaks the open connections, and refuses new ones. */
  async close(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    await within('the proxy to close', closed);
  }
}

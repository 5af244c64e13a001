// What can listen behind the port of a scheduler.
import type { Server as HttpServer } from 'node:http';

/** A server that can listen: of Fastify, or the front of a member of a cluster. */
export interface ListeningServer {
  readonly server: HttpServer;
  ready(): PromiseLike<unknown>;
  listen(address: { readonly host: string; readonly port: number }): Promise<unknown>;
  close(): PromiseLike<unknown>;
}

// The leader's side of HTTP: each request that a replica forwards is a connection of the leader's HTTP server, so that each route exists once.
import type { Server } from 'node:http';
import type { z } from 'zod';
import type { Clock } from '../../platform/clock';
import type { Bus } from '../cluster/bus/bus';
import type { Channel } from '../cluster/channel/channel';
import { goneSchema, HTTP_GONE, HTTP_REQUEST, requestSchema } from '../replica/core/http-records';
import { ForwardedSocket } from './forwarded-socket';
import type { ChannelService } from './channel-service';

export interface ForwardedRequestsOptions {
  readonly server: Server;
  readonly bus: Bus;
  readonly clock: Clock;
}

export class ForwardedRequests implements ChannelService {
  readonly #options: ForwardedRequestsOptions;

  constructor(options: ForwardedRequestsOptions) {
    this.#options = options;
  }

  attach(channel: Channel): void {
    const { server, bus, clock } = this.#options;
    const open = new Map<number, ForwardedSocket>();
    channel.on(HTTP_REQUEST, (head, body) => {
      const request = decoded(requestSchema, head);
      const socket = new ForwardedSocket({ bus, clock, channel }, request, body);
      open.set(request.id, socket);
      socket.once('close', () => open.delete(request.id));
      server.emit('connection', socket);
    });
    channel.on(HTTP_GONE, (head) => {
      open.get(decoded(goneSchema, head).id)?.destroy();
    });
    void channel.ended.then(() => {
      for (const socket of [...open.values()]) socket.destroy();
    });
  }
}

/** Throws, which ends the channel: members of two versions add only optional fields. */
const decoded = <Value>(schema: z.ZodType<Value>, head: unknown): Value => schema.parse(head);

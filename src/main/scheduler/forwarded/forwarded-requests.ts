// The leader's side of HTTP: each request that a replica forwards is a connection of the leader's HTTP server, so that each route exists once.
import type { Server } from 'node:http';
import type { Clock } from '../../platform/clock';
import type { Bus } from '../cluster/bus/bus';
import type { Channel } from '../cluster/channel/channel';
import { onRecord } from '../cluster/channel/on-record';
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
    onRecord(channel, HTTP_REQUEST, requestSchema, (request, body) => {
      const socket = new ForwardedSocket({ bus, clock, channel }, request, body);
      open.set(request.id, socket);
      socket.once('close', () => open.delete(request.id));
      server.emit('connection', socket);
    });
    onRecord(channel, HTTP_GONE, goneSchema, ({ id }) => {
      open.get(id)?.destroy();
    });
    void channel.ended.then(() => {
      for (const socket of [...open.values()]) socket.destroy();
    });
  }
}

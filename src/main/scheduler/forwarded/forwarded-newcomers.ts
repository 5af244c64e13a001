// The leader's side of newcomers whose connections are at replicas.
import type { JoinConnection, JoinLink } from '../../joining/join-host';
import type { Channel } from '../cluster/channel/channel';
import { onRecord } from '../cluster/channel/on-record';
import { BUSY_TEXT } from '../join-socket/join-endpoint';
import { JOIN_CLOSE, JOIN_OPEN, JOIN_TEXT, joinOpenSchema, joinSchema } from '../replica/core/join-records';
import type { ChannelService } from './channel-service';

export class ForwardedNewcomers implements ChannelService {
  readonly #openJoin: (link: JoinLink) => JoinConnection | null;

  /** `openJoin`: null: too many connections are open. */
  constructor(openJoin: (link: JoinLink) => JoinConnection | null) {
    this.#openJoin = openJoin;
  }

  attach(channel: Channel): void {
    const open = new Map<number, JoinConnection>();
    onRecord(channel, JOIN_OPEN, joinOpenSchema, ({ id, address, exporter }) => {
      const send = (text: string): void => {
        channel.send(JOIN_TEXT, { id }, new TextEncoder().encode(text));
      };
      const close = (): void => {
        channel.send(JOIN_CLOSE, { id });
        open.delete(id);
      };
      const connection = this.#openJoin({ address, exporter, send, close });
      if (connection === null) {
        send(BUSY_TEXT);
        close();
      } else open.set(id, connection);
    });
    onRecord(channel, JOIN_TEXT, joinSchema, ({ id }, body) => {
      open.get(id)?.received(new TextDecoder().decode(body));
    });
    onRecord(channel, JOIN_CLOSE, joinSchema, ({ id }) => {
      open.get(id)?.closed();
      open.delete(id);
    });
    void channel.ended.then(() => {
      for (const connection of open.values()) connection.closed();
    });
  }
}

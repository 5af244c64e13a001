// What the scheduler of a term does for its replicas.
import type { Channel } from '../cluster/channel/channel';

export interface ChannelService {
  /** Called for each new channel, before its records are read. The service learns its end by `channel.ended`. */
  attach(channel: Channel): void;
}

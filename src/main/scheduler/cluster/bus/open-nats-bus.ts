// Opens the bus over NATS. The client is loaded here, so a program without a configured bus does not load it.
import { ok, type Result } from '../../../../shared/result';
import type { Clock } from '../../../platform/clock';
import type { Bus } from './bus';
import { FramedBus } from './framed-bus';
import { NatsLink } from './nats-link';
import { natsAddress, natsOptions, type NatsSettings } from './nats-options';

/**
 * Returns at once, before the first connection: the bus connects, and connects again, until it is closed. The error is a text about the
 * settings, without a secret.
 */
export async function openNatsBus(settings: NatsSettings, poolId: string, clock: Clock): Promise<Result<Bus, string>> {
  const address = natsAddress(settings);
  if (!address.ok) return address;
  const client = await import('@nats-io/transport-node');
  const { servers } = address.value;
  const connect = async () => client.connect(natsOptions(settings, address.value, client));
  return ok(new FramedBus(new NatsLink({ servers, connect }, clock), poolId, clock));
}

// The MAC address by which a scheduler can wake this computer: that of the interface that reaches the scheduler. Pure.
import { isWakeMac } from '../../../shared/protocol/wake';

/** As `os.networkInterfaces` lists them. */
export type Interfaces = Readonly<
  Record<string, readonly { readonly address: string; readonly mac: string; readonly internal: boolean }[] | undefined>
>;

const IPV4_IN_IPV6 = /^::ffff:(?=\d+\.)/i;
const ZONE = /%.*$/;

/** `localAddress`: of the socket to the scheduler. Null: the interface has no MAC address, such as loopback and most VPNs. */
export function wakeMacOf(localAddress: string | null, interfaces: Interfaces): string | null {
  if (localAddress === null) return null;
  const address = localAddress.replace(IPV4_IN_IPV6, '').replace(ZONE, '');
  const infos = Object.values(interfaces).flatMap((list = []) => list);
  const own = infos.find((info) => info.address === address);
  const mac = own?.mac.toLowerCase() ?? '';
  return own?.internal === false && isWakeMac(mac) ? mac : null;
}

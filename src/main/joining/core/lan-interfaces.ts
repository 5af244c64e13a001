// The interfaces on which a pool is announced and searched: those of real networks. Bridges of containers and tunnels are left out.
import type { InterfaceUse, LanInterface } from '../../../shared/api/network-report';
import { isEveryAddress, withoutBrackets } from '../../../shared/loopback';

/** As `os.networkInterfaces()` returns them. */
export type NetworkInterfaces = Readonly<
  Record<
    string,
    | readonly {
        readonly address: string;
        readonly family: string;
        readonly internal: boolean;
        readonly mac: string;
        readonly cidr: string | null;
      }[]
    | undefined
  >
>;

/** Bridges of containers and of virtual machines: the other end is on this computer. */
const BRIDGE = /^(docker|br-|veth|virbr|vmnet|vboxnet|lxc|lxdbr|cni|flannel|podman|vEthernet \((?:Default|WSL))/i;
/** Tunnels have no multicast, and their other end is another network. */
const TUNNEL = /^(tailscale|tun|tap|utun|zt|wg|ppp|ipsec|nordlynx|proton|mullvad)/i;
const NO_MAC = '00:00:00:00:00:00';

/** All interfaces except loopback. */
export function lanInterfaces(interfaces: NetworkInterfaces): readonly LanInterface[] {
  return Object.entries(interfaces).flatMap(([name, list = []]): readonly LanInterface[] => {
    const own = list.filter(({ internal }) => !internal);
    if (own.length === 0) return [];
    const ipv4 = own.find(({ family }) => family === 'IPv4');
    const addresses = [...own].sort((one, other) => one.family.localeCompare(other.family)).map(({ address }) => address);
    const use = useOf(name, ipv4?.mac);
    return [{ name, use, addresses, ipv4: ipv4?.address ?? null, cidr: ipv4?.cidr ?? null }];
  });
}

function useOf(name: string, mac: string | undefined): InterfaceUse {
  if (BRIDGE.test(name)) return 'bridge';
  if (TUNNEL.test(name) || mac === NO_MAC) return 'vpn';
  return mac === undefined ? 'no_ipv4' : 'announced';
}

export const announcedInterfaces = (interfaces: NetworkInterfaces): readonly LanInterface[] =>
  lanInterfaces(interfaces).filter(({ use }) => use === 'announced');

/** Those on which a scheduler that listens on `host` is reached, with the addresses at which it is reached. */
export function listeningInterfaces(interfaces: NetworkInterfaces, host: string): readonly LanInterface[] {
  const announced = announcedInterfaces(interfaces);
  if (isEveryAddress(host) || !isIpAddress(host)) return announced;
  const [listening = ''] = withoutBrackets(host).split('%', 1);
  return announced.flatMap((lan) => (lan.addresses.includes(listening) ? [{ ...lan, addresses: [listening] }] : []));
}

/** The resolver of the system knows the address of a name. */
const isIpAddress = (host: string): boolean => host.includes(':') || /^[\d.]+$/.test(host);

/** The addresses at which newcomers find the pool again. */
export function listeningAddresses(interfaces: NetworkInterfaces, host: string): readonly string[] {
  if (!isEveryAddress(host)) return [host];
  return announcedInterfaces(interfaces).flatMap(({ addresses }) => addresses.filter((address) => !/^fe80:/i.test(address)));
}

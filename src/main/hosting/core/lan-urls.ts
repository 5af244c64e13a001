// The addresses under which others reach a server of this machine: real network cards first, bridges of containers and virtual
// machines last, loopback and link-local ones never.

/** The part of node:os `NetworkInterfaceInfo` that is read here. */
interface InterfaceAddress {
  readonly address: string;
  readonly family: string;
  readonly internal: boolean;
}

/** As `os.networkInterfaces()` returns them. */
export type NetworkInterfaces = Readonly<Record<string, readonly InterfaceAddress[] | undefined>>;

const VIRTUAL = /^(docker|veth|br-|virbr|vmnet|vboxnet|lxc|lxdbr|cni|flannel|podman|tailscale|tun|tap|utun|zt|wg|vEthernet)/i;

/** Hosts in the order in which to offer them, IPv4 only: the link is read aloud and typed. */
export function lanHosts(interfaces: NetworkInterfaces): readonly string[] {
  const found = Object.entries(interfaces).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'))
      .map(({ address }) => ({ address, virtual: VIRTUAL.test(name) })),
  );
  const ordered = [...found.filter(({ virtual }) => !virtual), ...found.filter(({ virtual }) => virtual)];
  return [...new Set(ordered.map(({ address }) => address))];
}

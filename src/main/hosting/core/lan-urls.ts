// The addresses at which other computers reach a server on this computer: physical networks first, then bridges of containers and
// virtual machines. Loopback and link-local addresses are left out.

/** The fields of node:os `NetworkInterfaceInfo` that are used here. */
interface InterfaceAddress {
  readonly address: string;
  readonly family: string;
  readonly internal: boolean;
}

/** As `os.networkInterfaces()` returns them. */
export type NetworkInterfaces = Readonly<Record<string, readonly InterfaceAddress[] | undefined>>;

const VIRTUAL = /^(docker|veth|br-|virbr|vmnet|vboxnet|lxc|lxdbr|cni|flannel|podman|tailscale|tun|tap|utun|zt|wg|vEthernet)/i;

/** The hosts, best first. IPv4 only, since people read the link aloud and type it. */
export function lanHosts(interfaces: NetworkInterfaces): readonly string[] {
  const found = Object.entries(interfaces).flatMap(([name, addresses]) =>
    (addresses ?? [])
      .filter(({ family, internal, address }) => family === 'IPv4' && !internal && !address.startsWith('169.254.'))
      .map(({ address }) => ({ address, virtual: VIRTUAL.test(name) })),
  );
  const ordered = [...found.filter(({ virtual }) => !virtual), ...found.filter(({ virtual }) => virtual)];
  return [...new Set(ordered.map(({ address }) => address))];
}

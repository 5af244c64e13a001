// The findings of the network doctor as conclusions: what is the case, and what the user can do.
import type { FirewallFinding } from './firewalls';
import type { LanInterface } from './lan-interfaces';

export interface MulticastFinding {
  readonly interface: string;
  /** Our own question came back from the system. Without it, a firewall on this computer drops UDP 5353. */
  readonly heardOwn: boolean;
  /** Other computers that sent something. */
  readonly heardFrom: readonly string[];
  /** Such as EADDRINUSE; null: none. */
  readonly fault: string | null;
}

export interface AnnouncedPool {
  readonly id: string;
  readonly name: string;
  readonly port: number;
  readonly addresses: readonly string[];
  /** Whether its port accepts a connection from this computer. */
  readonly reachable: boolean;
}

export type NetworkProblem =
  | 'no_interface'
  | 'multicast_blocked'
  | 'multicast_port_in_use'
  | 'multicast_silent'
  | 'firewall'
  | 'firewall_unknown'
  | 'vpn'
  | 'scheduler_on_loopback'
  | 'port_closed'
  | 'pool_unreachable'
  | 'local_network_right';

export interface NetworkReport {
  readonly interfaces: readonly LanInterface[];
  readonly multicast: readonly MulticastFinding[];
  readonly firewalls: readonly FirewallFinding[];
  /** Whether a scheduler answers at an address of this computer in the network. Null: none runs for the network here. */
  readonly port: { readonly port: number; readonly reachable: boolean } | null;
  readonly pools: readonly AnnouncedPool[];
  readonly problems: readonly NetworkProblem[];
  /** At most 5000. */
  readonly took_ms: number;
}

export function networkProblems(
  report: Omit<NetworkReport, 'problems' | 'took_ms'>,
  { host, platform }: { readonly host: 'loopback' | 'network'; readonly platform: string },
): readonly NetworkProblem[] {
  const { interfaces, multicast, firewalls, port, pools } = report;
  const faulted = multicast.filter(({ fault }) => fault !== null);
  const blocked = multicast.filter(({ heardOwn, heardFrom, fault }) => fault === null && !heardOwn && heardFrom.length === 0);
  const silent = multicast.filter(({ heardOwn, heardFrom }) => heardOwn && heardFrom.length === 0);
  const problems: readonly (readonly [NetworkProblem, boolean])[] = [
    ['no_interface', multicast.length === 0],
    ['multicast_port_in_use', faulted.length > 0],
    ['multicast_blocked', blocked.length > 0],
    ['multicast_silent', silent.length > 0],
    ['firewall', firewalls.some(({ state }) => state === 'blocks')],
    ['firewall_unknown', firewalls.some(({ state }) => state === 'unknown')],
    ['vpn', interfaces.some(({ use }) => use === 'vpn')],
    ['scheduler_on_loopback', host === 'loopback'],
    ['port_closed', port?.reachable === false],
    ['pool_unreachable', pools.some(({ reachable }) => !reachable)],
    // Without the right, macOS drops all packets of the local network and reports no error.
    ['local_network_right', platform === 'darwin' && (blocked.length > 0 || silent.length > 0)],
  ];
  return problems.filter(([, isThere]) => isThere).map(([problem]) => problem);
}

// The findings of the network doctor as conclusions: what is the case, and what the user can do.
import type { NetworkProblem, NetworkReport } from '../../../shared/api/network-report';

export interface NetworkReportContext {
  /** Where the scheduler of this computer listens, as configured. */
  readonly host: 'loopback' | 'network';
  readonly platform: string;
  /** This computer joined a pool. */
  readonly isMember: boolean;
}

export function networkProblems(
  report: Omit<NetworkReport, 'problems' | 'took_ms'>,
  { host, platform, isMember }: NetworkReportContext,
): readonly NetworkProblem[] {
  const { interfaces, multicast, firewalls, port, pools } = report;
  const faulted = multicast.filter(({ fault }) => fault !== null);
  const blocked = multicast.filter((finding) => finding.fault === null && !finding.heard_own && finding.heard_from.length === 0);
  const silent = multicast.filter((finding) => finding.heard_own && finding.heard_from.length === 0);
  const own = new Set(interfaces.flatMap(({ addresses }) => addresses));
  // Started with other flags than this configuration.
  const isOwnAnnounced = pools.some(({ addresses }) => addresses.some((address) => own.has(address)));
  const problems: readonly (readonly [NetworkProblem, boolean])[] = [
    ['no_interface', multicast.length === 0],
    ['multicast_port_in_use', faulted.length > 0],
    ['multicast_blocked', blocked.length > 0],
    ['multicast_silent', silent.length > 0],
    ['firewall', firewalls.some(({ state }) => state === 'blocks')],
    ['firewall_unknown', firewalls.some(({ state }) => state === 'unknown')],
    ['vpn', interfaces.some(({ use }) => use === 'vpn')],
    ['scheduler_on_loopback', host === 'loopback' && !isMember && !isOwnAnnounced],
    ['port_closed', port?.reachable === false],
    ['pool_unreachable', pools.some(({ reachable }) => !reachable)],
    // Without the right, macOS drops all packets of the local network and reports no error.
    ['local_network_right', platform === 'darwin' && (blocked.length > 0 || silent.length > 0)],
  ];
  return problems.filter(([, isThere]) => isThere).map(([problem]) => problem);
}

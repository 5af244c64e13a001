// The findings of the network doctor as lines: interfaces, multicast, firewalls, the port, the pools that were heard.
import { hostAndPort } from '../../../shared/api/join-link';
import type { FirewallName, MulticastFinding, NetworkReport } from '../../../shared/api/network-report';
import type { Labels } from '../../i18n/use-labels';
import type { Shape } from '../../labels/shape';

export interface NetworkFinding {
  readonly name: string;
  readonly shape: Shape;
  readonly result: string;
  /** Addresses. Empty: none. */
  readonly detail: string;
}

const FIREWALLS: Readonly<Record<FirewallName, string>> = {
  ufw: 'ufw',
  firewalld: 'firewalld',
  nftables: 'nftables',
  windows: 'Windows',
  macos: 'macOS',
};
const FIREWALL_SHAPES = { off: 'available', open: 'available', blocks: 'refused', unknown: 'degraded' } as const;
/** An interface may have dozens of addresses. */
const MAX_ADDRESSES = 4;

export function networkFindings(
  { interfaces, multicast, firewalls, port, pools }: NetworkReport,
  labels: Labels,
): readonly NetworkFinding[] {
  const { t } = labels;
  return [
    ...interfaces.map(({ name, use, addresses }) => ({
      name: t('network.interface', { name }),
      shape: use === 'announced' ? ('available' as const) : ('offline' as const),
      result: t(`interface_use.${use}`),
      detail: addresses.slice(0, MAX_ADDRESSES).join(' '),
    })),
    ...multicast.map((finding) => multicastFinding(finding, labels)),
    ...firewalls.map(({ name, state }) => ({
      name: t('network.firewall', { name: FIREWALLS[name] }),
      shape: FIREWALL_SHAPES[state],
      result: t(`firewall_state.${state}`),
      detail: '',
    })),
    ...(port === null
      ? []
      : [
          {
            name: t('network.port', { port: port.port }),
            shape: port.reachable ? ('available' as const) : ('refused' as const),
            result: t(port.reachable ? 'network.port_open' : 'network.port_closed'),
            detail: '',
          },
        ]),
    ...pools.map(({ name, port: at, addresses: [host], reachable }) => ({
      name: t('network.pool', { name }),
      shape: reachable ? ('available' as const) : ('refused' as const),
      result: t(reachable ? 'network.pool_found' : 'network.pool_unreachable'),
      detail: host === undefined ? '' : hostAndPort({ host, port: at }),
    })),
  ];
}

function multicastFinding(
  { interface: name, fault, heard_from: from, heard_own: hasOwn }: MulticastFinding,
  { t }: Labels,
): NetworkFinding {
  const line = { name: t('network.multicast', { name }), detail: from.slice(0, MAX_ADDRESSES).join(' ') };
  if (fault !== null) return { ...line, shape: 'refused', result: t('network.heard_fault', { fault }) };
  if (from.length > 0) return { ...line, shape: 'available', result: t('network.heard', { count: from.length }) };
  return { ...line, shape: hasOwn ? 'degraded' : 'refused', result: t(hasOwn ? 'network.heard_own' : 'network.heard_none') };
}

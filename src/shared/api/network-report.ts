// The report of the network doctor: the local network as one computer sees it (`muster doctor --network`, the page Network doctor).
import { z } from 'zod';

const MAX_ITEMS = 1024;
const texts = z.array(z.string()).max(MAX_ITEMS).readonly();

/** `announced`, or why a pool is neither announced nor searched on the interface. */
export const INTERFACE_USES = ['announced', 'no_ipv4', 'bridge', 'vpn'] as const;

export const lanInterfaceSchema = z.object({
  name: z.string(),
  use: z.enum(INTERFACE_USES),
  /** All addresses, IPv4 first. */
  addresses: texts,
  /** The address for multicast; null: there is none. */
  ipv4: z.string().nullable(),
  /** Of `ipv4`, such as `192.168.1.20/24`. */
  cidr: z.string().nullable(),
});

export const multicastFindingSchema = z.object({
  interface: z.string(),
  /** Our own question came back from the system. Without it, a firewall on this computer drops UDP 5353. */
  heard_own: z.boolean(),
  /** Other computers that sent something. */
  heard_from: texts,
  /** Such as EADDRINUSE; null: none. */
  fault: z.string().nullable(),
});

export const FIREWALL_NAMES = ['ufw', 'firewalld', 'nftables', 'windows', 'macos'] as const;

export const firewallFindingSchema = z.object({
  name: z.enum(FIREWALL_NAMES),
  /** `off`: it filters nothing. `unknown`: its tool gave no answer, often because it requires administrator rights. */
  state: z.enum(['off', 'open', 'blocks', 'unknown']),
  /** The commands that open what is blocked, for an administrator. */
  fixes: texts,
});

export const NETWORK_PROBLEMS = [
  'no_interface',
  'multicast_port_in_use',
  'multicast_blocked',
  'multicast_silent',
  'firewall',
  'firewall_unknown',
  'vpn',
  'scheduler_on_loopback',
  'port_closed',
  'pool_unreachable',
  'local_network_right',
] as const;

export const networkReportSchema = z.object({
  interfaces: z.array(lanInterfaceSchema).max(MAX_ITEMS).readonly(),
  multicast: z.array(multicastFindingSchema).max(MAX_ITEMS).readonly(),
  /** The firewalls that this system has. */
  firewalls: z.array(firewallFindingSchema).max(FIREWALL_NAMES.length).readonly(),
  /** Whether a scheduler answers at an address of this computer in the network. Null: none runs for the network here. */
  port: z.object({ port: z.number().int(), reachable: z.boolean() }).nullable(),
  pools: z
    .array(
      z.object({
        id: z.string(),
        name: z.string(),
        port: z.number().int(),
        addresses: texts,
        /** Whether its port accepts a connection from this computer. */
        reachable: z.boolean(),
      }),
    )
    .max(MAX_ITEMS)
    .readonly(),
  problems: z.array(z.enum(NETWORK_PROBLEMS)).max(NETWORK_PROBLEMS.length).readonly(),
  /** At most 5000. */
  took_ms: z.number(),
});

export type InterfaceUse = (typeof INTERFACE_USES)[number];
export type LanInterface = Readonly<z.infer<typeof lanInterfaceSchema>>;
export type MulticastFinding = Readonly<z.infer<typeof multicastFindingSchema>>;
export type FirewallName = (typeof FIREWALL_NAMES)[number];
export type FirewallFinding = Readonly<z.infer<typeof firewallFindingSchema>>;
export type AnnouncedPool = NetworkReport['pools'][number];
export type NetworkProblem = (typeof NETWORK_PROBLEMS)[number];
export type NetworkReport = Readonly<z.infer<typeof networkReportSchema>>;

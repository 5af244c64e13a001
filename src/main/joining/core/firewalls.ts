// What the firewall of a system says about the port of the pool and about multicast, from the output of its own tool. Nothing is changed:
// the finding has the command that opens the port.
import type { FirewallFinding, FirewallName } from '../../../shared/api/network-report';
import { inputChains, type Packet, verdictOf } from './nftables';

/** The tool to run for each system, in order. */
export const FIREWALL_TOOLS: Readonly<Record<string, readonly (readonly [FirewallName, string, readonly string[]])[]>> = {
  linux: [
    ['ufw', 'ufw', ['status']],
    ['firewalld', 'firewall-cmd', ['--list-all']],
    ['nftables', 'nft', ['-j', 'list', 'ruleset']],
  ],
  win32: [['windows', 'netsh', ['advfirewall', 'show', 'currentprofile']]],
  darwin: [['macos', '/usr/libexec/ApplicationFirewall/socketfilterfw', ['--getglobalstate']]],
};

/**
 * `output`: what the tool printed. Null: it failed. The finding is null when the rules say nothing about the ports. An unknown state has the
 * commands too: most users may not read the rules.
 */
export function firewallFinding(name: FirewallName, output: string | null, port: number): FirewallFinding | null {
  const text = output ?? '';
  switch (name) {
    case 'nftables':
      return nftables(text, port);
    case 'ufw':
      return ufw(text, port);
    case 'firewalld':
      return firewalld(text, port);
    case 'windows':
      return windows(text, port);
    case 'macos':
      return macos(text);
  }
}

const openOr = (name: FirewallName, fixes: readonly string[]): FirewallFinding => ({
  name,
  state: fixes.length === 0 ? 'open' : 'blocks',
  fixes,
});

function ufw(output: string, port: number): FirewallFinding {
  if (/^Status: inactive/m.test(output)) return { name: 'ufw', state: 'off', fixes: [] };
  const allows = (at: number, protocol: string): boolean =>
    new RegExp(`^${String(at)}(?:/${protocol})?\\s+(?:\\(v6\\)\\s+)?ALLOW`, 'm').test(output) ||
    /^Anywhere\s+ALLOW( IN)?\s+Anywhere\s*$/m.test(output);
  const fixes = [
    ...(allows(port, 'tcp') ? [] : [`sudo ufw allow ${String(port)}/tcp`]),
    ...(allows(5353, 'udp') ? [] : ['sudo ufw allow 5353/udp']),
  ];
  return /^Status: active/m.test(output) ? openOr('ufw', fixes) : { name: 'ufw', state: 'unknown', fixes };
}

function firewalld(output: string, port: number): FirewallFinding {
  if (/not running/i.test(output)) return { name: 'firewalld', state: 'off', fixes: [] };
  const listOf = (key: string): readonly string[] => new RegExp(`^\\s*${key}:[ \\t]*(.*)$`, 'm').exec(output)?.[1]?.split(/\s+/) ?? [];
  if (/^\s*target: ACCEPT/m.test(output)) return { name: 'firewalld', state: 'open', fixes: [] };
  const hasPort = listOf('ports').some((range) => isInRange(range, port));
  const fixes = [
    ...(hasPort ? [] : [`sudo firewall-cmd --permanent --add-port=${String(port)}/tcp`]),
    ...(listOf('services').includes('mdns') ? [] : ['sudo firewall-cmd --permanent --add-service=mdns']),
  ];
  const commands = fixes.length === 0 ? [] : [...fixes, 'sudo firewall-cmd --reload'];
  return /^\s*ports:/m.test(output) ? openOr('firewalld', commands) : { name: 'firewalld', state: 'unknown', fixes: commands };
}

/** `7080/tcp` or `7000-7100/tcp`. */
function isInRange(range: string, port: number): boolean {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?\/tcp$/.exec(range) ?? [];
  return first !== undefined && Number(first) <= port && port <= Number(last);
}

/** Other firewalls write rules of nftables too. Their own findings are clearer, so only rules that block for certain are named. */
function nftables(output: string, port: number): FirewallFinding | null {
  const packets: readonly Packet[] = [
    { protocol: 'tcp', port },
    { protocol: 'udp', port: 5353 },
  ];
  const fixes = (inputChains(output) ?? []).flatMap((chain) =>
    packets
      .filter((packet) => verdictOf(chain, packet) === 'blocks')
      .map(
        (packet) =>
          `sudo nft insert rule ${chain.family} ${chain.table} ${chain.name} ${packet.protocol} dport ${String(packet.port)} accept`,
      ),
  );
  return fixes.length === 0 ? null : { name: 'nftables', state: 'blocks', fixes };
}

/** The rules of programs are not listed here, so an active firewall may or may not block. */
function windows(output: string, port: number): FirewallFinding {
  // The words are translated in other languages of Windows; the names of the policy are not.
  const isBlocking = /BlockInbound/i.test(output);
  if (isBlocking && /^State\s+OFF/im.test(output)) return { name: 'windows', state: 'off', fixes: [] };
  if (!isBlocking && /AllowInbound/i.test(output)) return { name: 'windows', state: 'open', fixes: [] };
  const rule = 'New-NetFirewallRule -DisplayName Muster -Direction Inbound -Action Allow -Profile Private';
  return {
    name: 'windows',
    state: 'unknown',
    fixes: [`${rule} -Protocol TCP -LocalPort ${String(port)}`, `${rule} -Protocol UDP -LocalPort 5353`],
  };
}

/** macOS asks the user for the right to use the local network once for each app. The right cannot be read. */
function macos(output: string): FirewallFinding {
  if (/State = 0|disabled/i.test(output)) return { name: 'macos', state: 'off', fixes: [] };
  const settings = 'System Settings > Network > Firewall > Options: allow incoming connections for Muster';
  return { name: 'macos', state: /State = 2|block all/i.test(output) ? 'blocks' : 'unknown', fixes: [settings] };
}

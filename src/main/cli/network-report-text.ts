// The findings of `muster doctor --network` as text, in the language of the user.
import type { FirewallFinding, MulticastFinding, NetworkProblem, NetworkReport } from '../../shared/api/network-report';
import type { Language } from '../../shared/language';
import type { ReasonText } from '../../shared/reasons/reason-text';
import { printable, textTable } from './core/text-table';
import type { MessageContext } from './core/message-context';

const PROBLEMS: Readonly<Record<NetworkProblem, ReasonText>> = {
  no_interface: {
    en: 'No interface of a local network has an IPv4 address, so no pool can be announced or found.',
    zh: '没有任何局域网接口拥有 IPv4 地址，因此无法广播或发现算力池。',
  },
  multicast_blocked: {
    en: 'Multicast is dropped: a firewall of this computer blocks UDP port 5353. Pools cannot be found here.',
    zh: '组播被丢弃：本机的防火墙拦截了 UDP 端口 5353，因此无法发现算力池。',
  },
  multicast_port_in_use: {
    en: 'Another program uses UDP port 5353 exclusively. End that program, or join with an address.',
    zh: '另一个程序独占了 UDP 端口 5353。请结束该程序，或使用地址加入。',
  },
  multicast_silent: {
    en: 'No other computer answers by multicast. Either none announces anything, or the access point isolates its clients (client isolation, guest network): turn that off there, or join with an address.',
    zh: '没有其他计算机响应组播。可能是没有计算机在广播，也可能是无线接入点隔离了客户端（客户端隔离、访客网络）：请在接入点上关闭隔离，或使用地址加入。',
  },
  firewall: { en: 'A firewall of this computer blocks connections. Run:', zh: '本机的防火墙拦截了连接。请运行：' },
  firewall_unknown: {
    en: 'A firewall is there, and its rules cannot be read. Run the check as an administrator, or run:',
    zh: '本机有防火墙，但无法读取其规则。请以管理员身份运行检查，或运行：',
  },
  vpn: {
    en: 'A VPN is connected. It may route the local network elsewhere: allow local network access in the VPN, or disconnect it.',
    zh: '已连接 VPN，它可能改变局域网的路由：请在 VPN 中允许访问局域网，或断开 VPN。',
  },
  scheduler_on_loopback: {
    en: 'A scheduler with this configuration is for this computer only: set server.host to 0.0.0.0 to share its pool.',
    zh: '按此配置，调度器仅供本机使用：要共享算力池，请将 server.host 设为 0.0.0.0。',
  },
  port_closed: {
    en: 'No scheduler listens on the port of the network addresses of this computer.',
    zh: '本机的网络地址上没有调度器在监听该端口。',
  },
  pool_unreachable: {
    en: 'The port of a pool accepts no connection from this computer. A firewall on its host may block the port: run this check there.',
    zh: '算力池的端口不接受来自本机的连接。可能是主机上的防火墙拦截了该端口：请在主机上运行此检查。',
  },
  local_network_right: {
    en: 'macOS may deny access: System Settings > Privacy & Security > Local Network > allow Muster.',
    zh: 'macOS 可能拒绝了访问：请在“系统设置 > 隐私与安全性 > 本地网络”中允许 Muster。',
  },
};

export function networkReportText(report: NetworkReport, { language }: Pick<MessageContext, 'language'>): string {
  const { interfaces, multicast, firewalls, port, pools, problems } = report;
  const rows = [
    ...interfaces.map(({ name, use, addresses }) => [`interface ${name}`, use, addresses.join(' ')]),
    ...multicast.map((finding) => [`multicast on ${finding.interface}`, heardText(finding), finding.heard_from.slice(0, 4).join(' ')]),
    ...firewalls.map(({ name, state }) => [`firewall ${name}`, state, '']),
    ...(port === null ? [] : [[`port ${String(port.port)}`, port.reachable ? 'open on this computer' : 'closed', '']]),
    ...pools.map(({ name, id, addresses, port: at, reachable }) => [
      `pool ${name}`,
      reachable ? id : `${id}, not reachable`,
      `${addresses[0] ?? ''}:${String(at)}`,
    ]),
  ];
  const lines = problems.flatMap((problem) => [PROBLEMS[problem][language], ...fixesOf(problem, firewalls)]);
  const none: Readonly<Record<Language, string>> = { en: 'No problem was found.', zh: '未发现问题。' };
  return `${textTable(['CHECK', 'RESULT', 'DETAIL'], rows)}\n${lines.length === 0 ? none[language] : lines.join('\n')}\n`;
}

function heardText({ heard_own: heardOwn, heard_from: heardFrom, fault }: MulticastFinding): string {
  if (fault !== null) return `fault ${fault}`;
  if (heardFrom.length > 0) return `heard from ${String(heardFrom.length)}`;
  return heardOwn ? 'only own packets heard' : 'nothing heard';
}

function fixesOf(problem: NetworkProblem, firewalls: readonly FirewallFinding[]): readonly string[] {
  const state = problem === 'firewall' ? 'blocks' : problem === 'firewall_unknown' ? 'unknown' : null;
  return firewalls.filter((finding) => finding.state === state).flatMap(({ fixes }) => fixes.map((fix) => `  ${printable(fix)}`));
}

// The network doctor: interfaces, multicast, firewalls, the own port and those of the pools. It listens for 3 s, then tries the ports,
// changes nothing, and ends within 5 s.
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { AnnouncedPool, FirewallFinding, MulticastFinding, NetworkReport } from '../../shared/api/network-report';
import { isLoopbackHost } from '../../shared/loopback';
import { type Clock, systemClock } from '../platform/clock';
import { FIREWALL_TOOLS, firewallFinding } from './core/firewalls';
import { ANY_SERVICE_QUESTION, poolsIn, QUESTION } from './core/dns-records';
import { type NearbyPools, withAnswer } from './core/found-pools';
import type { JoinedPool } from './core/joined-pool';
import { lanInterfaces, listeningAddresses } from './core/lan-interfaces';
import { networkProblems } from './core/network-report';
import { PerInterface } from './per-interface';
import { poolIdOf } from './pool-id';

const LISTEN_MS = 3000;
const ASK_AGAIN_MS = 1000;
const TOOL_TIMEOUT_MS = 3000;
const CONNECT_TIMEOUT_MS = 1500;
const MAX_POOLS = 16;
const MAX_TOOL_BYTES = 256 * 1024;
const MAX_HEARD = 32;

export interface NetworkDoctorOptions {
  /** Where the scheduler of this computer listens, as configured. */
  readonly host: string;
  readonly port: number;
  /** The pool that this computer joined. */
  readonly joined: JoinedPool | null;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
}

/** For the scheduler of this configuration, and the pool that this computer joined. */
export const examineOwnNetwork = (
  { host, port }: { readonly host: string; readonly port: number },
  joined: JoinedPool | null,
): Promise<NetworkReport> => examineNetwork({ host, port, joined, platform: process.platform, clock: systemClock });

export async function examineNetwork({ host, port, joined, platform, clock }: NetworkDoctorOptions): Promise<NetworkReport> {
  const startedAtMonotonicMs = clock.monotonicMs();
  const [heard, firewalls, reachable] = await Promise.all([
    listen(clock),
    Promise.all((FIREWALL_TOOLS[platform] ?? []).map(([name, program, args]) => firewallOf(name, program, args, port))),
    isLoopbackHost(host) ? null : isOpen(listeningAddresses(networkInterfaces(), host), port),
  ]);
  const report = {
    interfaces: lanInterfaces(networkInterfaces()),
    multicast: heard.multicast,
    firewalls: firewalls.filter((finding) => finding !== null),
    port: reachable === null ? null : { port, reachable },
    pools: await Promise.all(toTry(heard.pools, joined).map(tried)),
  };
  const where = isLoopbackHost(host) ? 'loopback' : 'network';
  const tookMs = Math.round(clock.monotonicMs() - startedAtMonotonicMs);
  return { ...report, problems: networkProblems(report, { host: where, platform, isMember: joined !== null }), took_ms: tookMs };
}

interface Heard {
  readonly multicast: readonly MulticastFinding[];
  readonly pools: NearbyPools;
}

async function listen(clock: Clock): Promise<Heard> {
  const findings = new Map<string, MulticastFinding>();
  let pools: NearbyPools = [];
  const update = (name: string, change: Partial<MulticastFinding>): void => {
    const before = findings.get(name) ?? { interface: name, heard_own: false, heard_from: [], fault: null };
    findings.set(name, { ...before, ...change });
  };
  const questions = [QUESTION, ANY_SERVICE_QUESTION];
  const networks = new PerInterface(clock, {
    onOpened(socket, { name }) {
      update(name, {});
      socket.ask(questions);
    },
    onPacket({ isResponse, records, from }, _socket, { name, addresses }) {
      if (isResponse) for (const found of poolsIn(records, name)) pools = withAnswer(pools, found, clock.monotonicMs());
      const heardFrom = findings.get(name)?.heard_from ?? [];
      if (addresses.includes(from)) update(name, { heard_own: true });
      else if (!heardFrom.includes(from) && heardFrom.length < MAX_HEARD) update(name, { heard_from: [...heardFrom, from] });
    },
    onClosing: () => undefined,
    onFault(reason, { name }) {
      update(name, { fault: reason });
    },
  });
  const again = clock.setTimer(ASK_AGAIN_MS, () => {
    for (const socket of networks.sockets) socket.ask(questions);
  });
  await new Promise<void>((resolve) => clock.setTimer(LISTEN_MS, resolve));
  again.cancel();
  await networks.stop();
  return { multicast: [...findings.values()], pools };
}

/** Null: the system does not have this firewall. */
function firewallOf(
  name: FirewallFinding['name'],
  program: string,
  args: readonly string[],
  port: number,
): Promise<FirewallFinding | null> {
  return new Promise((resolve) => {
    const options = {
      timeout: TOOL_TIMEOUT_MS,
      killSignal: 'SIGKILL' as const,
      maxBuffer: MAX_TOOL_BYTES,
      env: { ...process.env, LC_ALL: 'C' },
      windowsHide: true,
    };
    execFile(program, [...args], options, (error, stdout, stderr) => {
      // firewall-cmd says "not running" on stderr and fails.
      const output = `${stdout}${stderr}`;
      if (error !== null && 'code' in error && error.code === 'ENOENT') resolve(null);
      else resolve(firewallFinding(name, output === '' ? null : output, port));
    });
  });
}

type TriedPool = Omit<AnnouncedPool, 'reachable'>;

/** The announced pools, and the joined one: also where no multicast is heard, a member must reach its port. */
function toTry(announced: NearbyPools, joined: JoinedPool | null): readonly TriedPool[] {
  const pools = announced.slice(0, MAX_POOLS);
  if (joined === null) return pools;
  const id = poolIdOf(joined.pin);
  const { name, port, addresses } = joined;
  const found = announced.find((pool) => pool.id === id) ?? { id, name, port, addresses };
  const known = found.port === port ? [...new Set([...found.addresses, ...addresses])] : found.addresses;
  return [{ ...found, addresses: known }, ...pools.filter((pool) => pool.id !== id)];
}

async function tried({ id, name, port, addresses }: TriedPool): Promise<AnnouncedPool> {
  return { id, name, port, addresses, reachable: await isOpen(addresses, port) };
}

/** Whether the port accepts a connection at one of the addresses. A firewall does not filter a connection to the own computer. */
async function isOpen(hosts: readonly string[], port: number): Promise<boolean> {
  const answers = await Promise.all(hosts.map((host) => accepts(host, port)));
  return answers.includes(true);
}

function accepts(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (isConnected: boolean) => (): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(isConnected);
    };
    const timer = setTimeout(end(false), CONNECT_TIMEOUT_MS);
    socket.once('connect', end(true)).once('error', end(false));
  });
}

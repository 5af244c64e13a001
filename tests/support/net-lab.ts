// A small network of namespaces: hosts, switches and a router. Nothing is made in the network of this machine. One holder process owns
// everything: when its standard input closes (`close`, a crash, a killed test), the kernel ends all processes and namespaces in it.
// Works as root, else in a user namespace.
import { type ChildProcess, spawn, type SpawnOptions, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { requireNamespaces } from './requirements';
import { until } from './until';

const HOLDER = 'mount -t tmpfs tmpfs /run && mkdir /run/netns && ip link set lo up && echo ready && exec cat >/dev/null';

export class NetLab {
  readonly #holder: ChildProcess;
  readonly #enter: readonly string[];

  private constructor(holder: ChildProcess, enter: readonly string[]) {
    this.#holder = holder;
    this.#enter = enter;
  }

  static async open(): Promise<NetLab> {
    const { missing } = requireNamespaces();
    if (missing !== undefined) throw new Error(missing);
    const isRoot = process.getuid?.() === 0;
    // -m: own mounts, so /run/netns is private. -p and --kill-child: the end of the holder ends every process inside.
    const args = [...(isRoot ? [] : ['-Ur']), '-nmpf', '--mount-proc', '--kill-child', 'sh', '-c', HOLDER];
    const holder = spawn('unshare', args, { stdio: ['pipe', 'pipe', 'inherit'] });
    const failed = once(holder, 'exit').then(([code]) => {
      throw new Error(`no namespaces here (unshare: ${String(code)})`);
    });
    await Promise.race([once(holder.stdout, 'data'), failed]);
    const enter = ['-t', String(childOf(holder)), ...(isRoot ? [] : ['-U', '--preserve-credentials']), '-n', '-m', '-p'];
    return new NetLab(holder, enter);
  }

  /** The command line that runs a command on a host, in the working folder of the caller. */
  argv(host: string, command: readonly string[]): readonly [string, ...string[]] {
    const inHost = host === '' ? [] : ['ip', 'netns', 'exec', host];
    // nsenter passes no signals on: without pdeathsig the program would outlive it.
    return ['nsenter', ...this.#enter, `--wdns=${process.cwd()}`, 'setpriv', '--pdeathsig', 'KILL', ...inHost, ...command];
  }

  /** Runs a command to its end. Throws with its output when it fails. */
  run(host: string, ...command: readonly string[]): string {
    const [program, ...args] = this.argv(host, command);
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' });
    if (status !== 0) throw new Error(`${host}: ${command.join(' ')}: ${stderr || stdout}`);
    return stdout;
  }

  spawn(host: string, command: readonly string[], options: SpawnOptions): ChildProcess {
    const [program, ...args] = this.argv(host, command);
    return spawn(program, args, options);
  }

  /** Sends a signal to the program itself. `child.kill` ends nsenter, and with it the program, at once. */
  signal(child: ChildProcess, signal: NodeJS.Signals): void {
    process.kill(childOf(child), signal);
  }

  host(name: string): void {
    this.#ip('netns', 'add', name);
    this.#ip('-n', name, 'link', 'set', 'lo', 'up');
  }

  /** A namespace with a bridge, so that its ports can be filtered without the hosts noticing. */
  switch(name: string): void {
    this.host(name);
    this.#ip('-n', name, 'link', 'add', 'br0', 'type', 'bridge', 'mcast_snooping', '0');
    this.#ip('-n', name, 'link', 'set', 'br0', 'up');
  }

  /** Connects the interface `device` of a host to a switch. Returns the port of the switch. */
  cable(host: string, toSwitch: string, device: string, ...addresses: readonly string[]): string {
    const port = `${host}.${device}`.slice(0, 15);
    this.#ip('link', 'add', device, 'netns', host, 'type', 'veth', 'peer', 'name', port, 'netns', toSwitch);
    this.#ip('-n', toSwitch, 'link', 'set', port, 'master', 'br0', 'up');
    this.#ip('-n', host, 'link', 'set', device, 'up');
    for (const address of addresses) this.address(host, device, 'add', address);
    return port;
  }

  address(host: string, device: string, change: 'add' | 'del', address: string): void {
    this.#ip('-n', host, 'addr', change, address, 'dev', device, ...(address.includes(':') && change === 'add' ? ['nodad'] : []));
  }

  router(name: string, ...cables: readonly (readonly [toSwitch: string, address: string])[]): void {
    this.host(name);
    for (const [index, [toSwitch, address]] of cables.entries()) this.cable(name, toSwitch, `r${String(index)}`, address);
    this.run(name, 'sysctl', '-qw', 'net.ipv4.ip_forward=1');
  }

  /** The host `anna` in the network `lan` and the host `ben` in the network `attic`, with the router `eve` between the networks. */
  connectByRouter(): void {
    for (const [host, at, address, gateway] of [
      ['anna', 'lan', '10.77.0.1/24', '10.77.0.254'],
      ['ben', 'attic', '10.78.0.2/24', '10.78.0.254'],
    ] as const) {
      this.switch(at);
      this.host(host);
      this.cable(host, at, 'eth0', address);
      this.route(host, 'default', 'via', gateway);
    }
    this.router('eve', ['lan', '10.77.0.254/24'], ['attic', '10.78.0.254/24']);
  }

  route(host: string, ...route: readonly string[]): void {
    this.#ip('-n', host, 'route', 'add', ...route);
  }

  /** Replaces the firewall of a host: rules of nftables for its input chain. None: no firewall. */
  firewall(host: string, ...rules: readonly string[]): void {
    this.run(host, 'nft', 'flush', 'ruleset');
    if (rules.length === 0) return;
    const chain = 'add table inet fw; add chain inet fw i { type filter hook input priority 0; policy accept; }';
    this.run(host, 'nft', [chain, ...rules.map((rule) => `add rule inet fw i ${rule}`)].join('; '));
  }

  /** An access point with client isolation: isolated ports do not see each other. */
  isolate(atSwitch: string, port: string, isIsolated: boolean): void {
    this.run(atSwitch, 'bridge', 'link', 'set', 'dev', port, 'isolated', isIsolated ? 'on' : 'off');
  }

  /**
   * Writes all packets at a switch to the file, until the returned function is called. `last`: a text in the last packet. tcpdump loses the
   * packets that it has not read when it ends, so the function waits until this text is in the file.
   */
  async capture(atSwitch: string, file: string): Promise<(last: string) => Promise<void>> {
    // Without --immediate-mode the last second arrives late. With it, each packet takes the snapshot length (-s) of the kernel's buffer
    // (-B, KiB): 1000 packets here, and 8 by default.
    const command = ['tcpdump', '-i', 'br0', '-U', '--immediate-mode', '-s', '65535', '-B', '65536', '-Z', 'root', '-w', file];
    const capture = this.spawn(atSwitch, command, { stdio: ['ignore', 'ignore', 'pipe'] });
    if (capture.stderr === null) throw new Error('tcpdump has no stderr');
    let report = '';
    capture.stderr.on('data', (data: Buffer) => (report += data.toString()));
    await once(capture.stderr, 'data');
    return async (last) => {
      await until(`${JSON.stringify(last)} in the capture`, () => readFileSync(file).includes(last));
      const ended = once(capture, 'close');
      this.signal(capture, 'SIGINT');
      await ended;
      if (!/^0 packets dropped by kernel$/m.test(report)) throw new Error(`the capture is not complete: ${report}`);
    };
  }

  async close(): Promise<void> {
    const ended = once(this.#holder, 'exit');
    this.#holder.stdin?.end();
    await ended;
  }

  #ip(...args: readonly string[]): void {
    this.run('', 'ip', ...args);
  }
}

function childOf({ pid }: ChildProcess): number {
  const { stdout } = spawnSync('pgrep', ['-P', String(pid)], { encoding: 'utf8' });
  const child = Number(stdout.trim().split('\n')[0]);
  if (!(child > 0)) throw new Error(`process ${String(pid)} has no child`);
  return child;
}

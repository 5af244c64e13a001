// The built daemons tell a service manager their state. A program of the test has the socket of systemd.
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { MusterLab } from '../support/muster-process';
import { requirePrograms, skipNote } from '../support/requirements';
import { until } from '../support/until';

/** Prints each message in one line. Node.js has no datagram sockets of Unix. */
const LISTEN = `use Socket; $| = 1; socket(S, AF_UNIX, SOCK_DGRAM, 0); bind(S, pack_sockaddr_un($ARGV[0])) or die; print "listening\\n";
while (defined recv(S, $text, 4096, 0)) { $text =~ s/\\n/ /g; print "$text\\n" if $text ne "BARRIER=1" }`;

let lab: MusterLab;
let messages: string[];
let socket: string;

const programs = requirePrograms('service manager', ['systemd-notify', 'perl'], 'systemd perl-base');

describe.skipIf(programs.missing !== undefined)(`service manager${skipNote(programs)}`, () => {
  beforeEach(async () => {
    lab = new MusterLab();
    messages = [];
    socket = path.join(lab.folder, 'notify');
    const listener = spawn('perl', ['-e', LISTEN, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    lab.own(listener);
    createInterface({ input: listener.stdout }).on('line', (line) => messages.push(line));
    await until('the socket', () => messages.shift() === 'listening');
  });
  afterEach(() => lab.close());

  const heard = (text: string) => until(text, () => messages.some((message) => message.includes(text)), 20_000);

  test('scheduler: listens -> ready with its address; alive; SIGTERM -> stopping, exit code 0', async () => {
    const scheduler = lab.start(['scheduler', '--data-dir', lab.dataDir('pool'), '--port', '0'], {
      NOTIFY_SOCKET: socket,
      WATCHDOG_USEC: '600000',
    });
    const url = await scheduler.url();
    await heard(`READY=1 STATUS=The scheduler listens at ${url}`);
    await heard('WATCHDOG=1');
    const { code } = await scheduler.end();
    expect(code).toBe(0);
    await heard('STOPPING=1');
    expect(scheduler.lines.filter(({ event }) => event === 'service_manager_unreachable')).toEqual([]);
  });

  test('agent with a simulated GPU: ready; its hardware probe cannot send messages for it', async () => {
    const argv = ['pool', '--data-dir', lab.dataDir('pool'), '--port', '0', '--simulate-gpu', 'RTX 4090:24'];
    const pool = lab.start(argv, { NOTIFY_SOCKET: socket });
    await heard('READY=1');
    const probe = await until('the hardware probe', () => childOf(pool.child));
    expect(readFileSync(`/proc/${probe}/environ`, 'utf8')).not.toContain('NOTIFY_SOCKET');
    await pool.end();
  });

  test('port in use -> not ready, exit code 1', async () => {
    const first = lab.start(['scheduler', '--data-dir', lab.dataDir('first'), '--port', '0']);
    const { port } = new URL(await first.url());
    const { code } = await lab.run(['scheduler', '--data-dir', lab.dataDir('second'), '--port', port], { NOTIFY_SOCKET: socket });
    expect({ code, messages }).toEqual({ code: 1, messages: [] });
  });

  test('no systemd-notify -> logged once; the scheduler works', async () => {
    const scheduler = lab.start(['scheduler', '--data-dir', lab.dataDir('pool'), '--port', '0'], {
      NOTIFY_SOCKET: socket,
      WATCHDOG_USEC: '200000',
      PATH: lab.folder,
    });
    await scheduler.line('service_manager_unreachable');
    expect((await fetch(`${await scheduler.url()}/healthz`)).status).toBe(200);
    await scheduler.end();
    expect(scheduler.lines.filter(({ event }) => event === 'service_manager_unreachable')).toHaveLength(1);
  });
});

/** The hardware probe among the children of a process. */
function childOf({ pid = 0 }: ChildProcess): string | undefined {
  return readdirSync('/proc').find((entry) => {
    if (!/^\d+$/.test(entry)) return false;
    try {
      const parent = readFileSync(`/proc/${entry}/stat`, 'utf8').replace(/^.*\) \S+ (\d+) .*$/s, '$1');
      return parent === String(pid) && readFileSync(`/proc/${entry}/cmdline`, 'utf8').includes('hardware-probe');
    } catch {
      return false;
    }
  });
}

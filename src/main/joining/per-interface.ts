// One multicast socket for each interface of a real network. The interfaces are watched: a changed address opens a new socket.
import { networkInterfaces } from 'node:os';
import type { LanInterface } from '../../shared/api/network-report';
import type { Clock, Timer } from '../platform/clock';
import { announcedInterfaces } from './core/lan-interfaces';
import { type DnsPacket, type MulticastSocket, openMulticast } from './multicast';

const WATCH_INTERVAL_MS = 2000;

export interface InterfaceHooks {
  onOpened(socket: MulticastSocket, lan: LanInterface): void;
  onPacket(packet: DnsPacket, socket: MulticastSocket, lan: LanInterface): void;
  /** Before a socket is closed, also when its interface is gone. */
  onClosing(socket: MulticastSocket, lan: LanInterface): void;
  onFault(reason: string, lan: LanInterface): void;
}

interface OpenInterface {
  readonly lan: LanInterface;
  readonly socket: MulticastSocket;
}

export class PerInterface {
  readonly #clock: Clock;
  readonly #hooks: InterfaceHooks;
  readonly #interfaces: () => readonly LanInterface[];
  readonly #open = new Map<string, OpenInterface>();
  #timer: Timer | null = null;
  #isStopped = false;

  /** `interfaces`: those in use now. */
  constructor(clock: Clock, hooks: InterfaceHooks, interfaces = (): readonly LanInterface[] => announcedInterfaces(networkInterfaces())) {
    this.#clock = clock;
    this.#hooks = hooks;
    this.#interfaces = interfaces;
    this.#update();
  }

  get interfaces(): readonly LanInterface[] {
    return [...this.#open.values()].map(({ lan }) => lan);
  }

  get sockets(): readonly MulticastSocket[] {
    return [...this.#open.values()].map(({ socket }) => socket);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#timer?.cancel();
    await Promise.all([...this.#open.keys()].map((key) => this.#close(key)));
  }

  #update(): void {
    if (this.#isStopped) return;
    const now = new Map(this.#interfaces().map((lan) => [`${lan.name} ${lan.addresses.join()}`, lan]));
    for (const key of [...this.#open.keys()]) if (!now.has(key)) void this.#close(key);
    for (const [key, lan] of now) if (!this.#open.has(key)) this.#openOne(key, lan);
    this.#timer = this.#clock.setTimer(WATCH_INTERVAL_MS, () => {
      this.#update();
    });
  }

  #openOne(key: string, lan: LanInterface): void {
    const socket: MulticastSocket = openMulticast(
      lan,
      (packet) => {
        this.#hooks.onPacket(packet, socket, lan);
      },
      (reason) => {
        this.#hooks.onFault(reason, lan);
      },
    );
    this.#open.set(key, { lan, socket });
    this.#hooks.onOpened(socket, lan);
  }

  async #close(key: string): Promise<void> {
    const open = this.#open.get(key);
    this.#open.delete(key);
    if (open === undefined) return;
    this.#hooks.onClosing(open.socket, open.lan);
    await open.socket.close();
  }
}

// Sends the packet of Wake-on-LAN by UDP: six bytes of 0xff, then the MAC address sixteen times. It reaches computers in the networks of
// this one.
import { createSocket } from 'node:dgram';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import { reasonOfError } from '../../../shared/errors';

export interface WakeTarget {
  readonly address: string;
  readonly port: number;
}

export interface WakeSender {
  /** Never rejects. Resolves to the reason of a failure; null: the packet was sent to at least one network. */
  send(mac: string): Promise<string | null>;
}

/** The port of the service discard, to which most programs send it. */
const WAKE_PORT = 9;
const MAX_TARGETS = 16;
const REPEATED = 16;

export function magicPacket(mac: string): Buffer {
  const address = Buffer.from(mac.replaceAll(':', ''), 'hex');
  return Buffer.concat([Buffer.alloc(6, 0xff), ...Array<Buffer>(REPEATED).fill(address)]);
}

/** The broadcast address of each IPv4 network of this computer. */
export function broadcastTargets(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]> = networkInterfaces()): readonly WakeTarget[] {
  const addresses = Object.values(interfaces).flatMap((infos = []) =>
    infos.flatMap((info) => (info.family === 'IPv4' && !info.internal ? [broadcastOf(info.address, info.netmask)] : [])),
  );
  return [...new Set(addresses)].slice(0, MAX_TARGETS).map((address) => ({ address, port: WAKE_PORT }));
}

const broadcastOf = (address: string, netmask: string): string => {
  const mask = netmask.split('.').map(Number);
  return address
    .split('.')
    .map((part, index) => (Number(part) | (~(mask[index] ?? 255) & 255)) & 255)
    .join('.');
};

/** `targets`: where each packet goes. Default: to all networks of this computer. */
export const wakeSender = (targets: () => readonly WakeTarget[] = () => broadcastTargets()): WakeSender => ({
  send: async (mac) => {
    const to = targets();
    if (to.length === 0) return 'no network';
    const faults = await Promise.all(to.map((target) => sendTo(target, magicPacket(mac))));
    return faults.every((fault) => fault !== null) ? (faults[0] ?? null) : null;
  },
});

function sendTo({ address, port }: WakeTarget, packet: Buffer): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    const end = (error: Error | null): void => {
      socket.removeAllListeners('error');
      socket.on('error', () => undefined);
      socket.close();
      resolve(error === null ? null : reasonOfError(error));
    };
    socket.once('error', end);
    socket.bind(0, () => {
      socket.setBroadcast(true);
      socket.send(packet, port, address, end);
    });
  });
}

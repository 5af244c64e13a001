// The packet of Wake-on-LAN over real UDP on loopback, and the networks to which it goes.
import { createSocket, type Socket } from 'node:dgram';
import { afterEach, expect, test } from 'vitest';
import { broadcastTargets, magicPacket, wakeSender } from '../../../../src/main/scheduler/nodes/wake-sender';

const MAC = '02:00:5e:10:00:ff';
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.close();
});

function receiver(): Promise<{ readonly port: number; readonly received: Promise<Buffer> }> {
  const socket = createSocket('udp4');
  sockets.push(socket);
  const received = new Promise<Buffer>((resolve) => socket.once('message', resolve));
  return new Promise((resolve) => {
    socket.bind(0, '127.0.0.1', () => {
      resolve({ port: socket.address().port, received });
    });
  });
}

test('packet: six bytes 0xff, then the address sixteen times', () => {
  const packet = magicPacket(MAC);
  expect(packet.length).toBe(102);
  expect(packet.subarray(0, 6).toString('hex')).toBe('ff'.repeat(6));
  expect(packet.subarray(6).toString('hex')).toBe('02005e1000ff'.repeat(16));
});

test('sent to two targets -> each gets the packet', async () => {
  const [one, other] = [await receiver(), await receiver()];
  const sender = wakeSender(() => [one, other].map(({ port }) => ({ address: '127.0.0.1', port })));
  expect(await sender.send(MAC)).toBeNull();
  expect([await one.received, await other.received]).toEqual([magicPacket(MAC), magicPacket(MAC)]);
});

test('one target cannot be reached -> sent; none can -> the reason', async () => {
  const { port, received } = await receiver();
  const bad = { address: 'not-an-address.invalid', port: 9 };
  expect(await wakeSender(() => [bad, { address: '127.0.0.1', port }]).send(MAC)).toBeNull();
  expect((await received).length).toBe(102);
  expect(await wakeSender(() => [bad]).send(MAC)).toEqual(expect.any(String));
  expect(await wakeSender(() => []).send(MAC)).toBe('no network');
});

const info = (address: string, netmask: string, internal = false, family: 'IPv4' | 'IPv6' = 'IPv4') =>
  ({ address, netmask, internal, family, mac: MAC, cidr: null }) as never;

test('targets: the broadcast address of each IPv4 network, once; no loopback', () => {
  const targets = broadcastTargets({
    lo: [info('127.0.0.1', '255.0.0.0', true)],
    eth0: [info('192.168.1.20', '255.255.255.0'), info('fe80::1', 'ffff::', false, 'IPv6')],
    eth1: [info('192.168.1.21', '255.255.255.0'), info('10.1.2.3', '255.255.252.0')],
  });
  expect(targets).toEqual([
    { address: '192.168.1.255', port: 9 },
    { address: '10.1.3.255', port: 9 },
  ]);
});

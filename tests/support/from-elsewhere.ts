// Connections of this computer that look as if they came from another one.
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Until the end of the test, plain connections to this port come from another address. */
export function fromElsewhere(port: number): void {
  const rename = (message: unknown): void => {
    const { socket } = message as { readonly socket: Socket };
    if (socket.localPort === port) Object.defineProperty(socket, 'remoteAddress', { value: '192.0.2.7' });
  };
  subscribe('net.server.socket', rename);
  onTestFinished(() => {
    unsubscribe('net.server.socket', rename);
  });
}

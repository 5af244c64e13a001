// The MAC address that the registration has when the owner lets the scheduler wake this computer.
import { networkInterfaces } from 'node:os';
import type { AgentOptions } from './agent-options';
import { wakeMacOf } from './core/wake-mac';

/** Null: not allowed, or the connection has no interface with such an address. */
export const ownWakeMac = ({ wakeOnLan = false }: Pick<AgentOptions, 'wakeOnLan'>, localAddress: string | null): string | null =>
  wakeOnLan ? wakeMacOf(localAddress, networkInterfaces()) : null;

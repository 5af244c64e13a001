// Identifies this machine by a hash of the installation id of its system. The id itself is neither stored nor sent.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { idFromIoreg, idFromMachineIdFile, textFromRegistry } from './core/machine-id';

const TIMEOUT_MS = 5000;

/** 64 hex digits. On a system without an id, the host name and the network cards replace it. */
export async function machineFingerprint(platform: NodeJS.Platform = process.platform): Promise<string> {
  const id = (await systemId(platform)) ?? [hostname(), ...networkCards()].join(' ');
  return createHash('sha256').update(`muster machine ${id}`).digest('hex');
}

async function systemId(platform: NodeJS.Platform): Promise<string | null> {
  if (platform === 'darwin') return idFromIoreg(await output('/usr/sbin/ioreg', ['-rd1', '-c', 'IOPlatformExpertDevice']));
  if (platform === 'win32') {
    const text = await output('reg', ['query', 'HKLM\\SOFTWARE\\Microsoft\\Cryptography', '/v', 'MachineGuid']);
    return textFromRegistry(text, 'MachineGuid');
  }
  for (const file of ['/etc/machine-id', '/var/lib/dbus/machine-id']) {
    const id = idFromMachineIdFile(await readFile(file, 'utf8').catch(() => ''));
    if (id !== null) return id;
  }
  return null;
}

/** Addresses of physical cards. Virtual networks create and remove cards with locally administered addresses. */
function networkCards(): readonly string[] {
  const macs = Object.values(networkInterfaces()).flatMap((addresses) =>
    (addresses ?? []).filter(({ internal }) => !internal).map(({ mac }) => mac),
  );
  const isLocallyAdministered = (mac: string): boolean => (Number.parseInt(mac.slice(0, 2), 16) & 2) !== 0;
  return [...new Set(macs)].filter((mac) => mac !== '00:00:00:00:00:00' && !isLocallyAdministered(mac)).toSorted();
}

function output(program: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: TIMEOUT_MS, windowsHide: true }, (error, stdout) => {
      resolve(error === null ? stdout : '');
    });
  });
}

// The operating system as the protocol and the dashboard name it.
import type { Platform } from '../../shared/protocol/node-messages';

export function platformName(platform: NodeJS.Platform = process.platform): Platform {
  if (platform === 'win32') return 'windows';
  return platform === 'darwin' ? 'macos' : 'linux';
}

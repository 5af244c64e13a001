// Global set-up of the desktop suite: a separate virtual display on Linux, so that no window appears on the developer's screen and
// all screenshots have the same size. Without Xvfb the existing display is used.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from '../../scripts/requirements.mjs';
import { within } from './within';

export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  const xvfb = process.platform === 'linux' ? findProgram('Xvfb') : undefined;
  if (xvfb === undefined) return undefined;
  // Xvfb writes the number of its display to descriptor 3.
  const server = spawn(xvfb, ['-displayfd', '3', '-screen', '0', '1440x900x24', '-nolisten', 'tcp', '-noreset'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const started = Promise.race([
    once(server.stdio[3] as NodeJS.ReadableStream, 'data'),
    once(server, 'exit').then(() => {
      throw new Error('Xvfb ended before it had a display.');
    }),
  ]);
  const [display] = (await within('the display of Xvfb', started)) as [Buffer];
  process.env['DISPLAY'] = `:${display.toString('utf8').trim()}`;
  return async () => {
    const exited = once(server, 'exit');
    server.kill();
    await within('the end of Xvfb', exited);
  };
}

// The command line as one executable: it needs no display, no files beside it but the dashboard, and no other Node.js.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildCliProgram } from '../../scripts/cli-program.mjs';
import { version as VERSION } from '../../package.json';
import { publicKeyText, temporaryKey } from '../../scripts/release/signing.mjs';
import { nodeChild } from '../../src/main/hosting/supervised-child';
import { INSTALL_REFUSALS } from '../../src/main/updates/core/install-refusal';
import { releaseOf } from '../support/release-server';
import { updateFilesIn, writeUpdateFiles } from '../support/update-files';
import { until } from '../support/until';

let folder: string;
let program: string;

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'muster-program-'));
  program = await buildCliProgram(process.execPath, path.join(folder, 'cli'));
}, 120_000);
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** As a service starts it: nothing of the environment of the tests. */
const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => {
  const { status, stdout, stderr } = spawnSync(program, [...args, '--data-dir', path.join(folder, 'data')], {
    env,
    encoding: 'utf8',
    cwd: '/',
  });
  return { status, stdout, stderr };
};

describe('command line as one executable', () => {
  test('files -> the executable, the dashboard, licences, completions and the man page', () => {
    expect(readdirSync(path.join(folder, 'cli')).sort()).toEqual(['licences', path.basename(program), 'renderer', 'share']);
    expect(readdirSync(path.join(folder, 'cli', 'licences')).sort()).toEqual([
      'LICENSE.node.txt',
      'LICENSE.txt',
      'LICENSES.dependencies.txt',
    ]);
    expect(readdirSync(path.join(folder, 'cli', 'share')).sort()).toEqual([
      '_muster',
      'muster.1.gz',
      'muster.bash',
      'muster.fish',
      'node-version',
    ]);
    const maps = readdirSync(path.join(folder, 'cli', 'renderer'), { recursive: true }).filter((file) => String(file).endsWith('.map'));
    expect(maps).toEqual([]);
  });

  test('--version: without an environment', () => {
    expect(spawnSync(program, ['--version'], { env: {}, encoding: 'utf8', cwd: '/' })).toMatchObject({
      status: 0,
      stdout: `${VERSION}\n`,
      stderr: '',
    });
  });

  test('NODE_OPTIONS with a module to load -> ignored', () => {
    expect(run(['config', 'show'], { NODE_OPTIONS: '--require /nowhere.js' })).toMatchObject({ status: 0, stderr: '' });
  });

  test('install-update with a key in the environment -> the key is not read, the update is refused', () => {
    const key = temporaryKey();
    const files = updateFilesIn(folder);
    writeUpdateFiles(files, releaseOf('999.0.0', '.deb'), { signer: key });
    const { status, stderr } = run(['install-update', ...Object.values(files)], { MUSTER_UPDATE_KEY: publicKeyText(key) });
    // A build with a feed has another key.
    const { not_root, no_key, unsigned } = INSTALL_REFUSALS;
    expect(process.getuid?.() === 0 ? [no_key, unsigned] : [not_root]).toContain(status);
    expect(stderr).toMatch(/^muster install-update: [^\n]+\.\n$/);
    const text = readFileSync(program, 'latin1');
    expect([text.includes('install-update'), text.includes('MUSTER_UPDATE_KEY')]).toEqual([true, false]);
  });

  test('doctor: the hardware probe starts from the same executable and answers', () => {
    const { status, stdout, stderr } = run(['doctor', '--json'], { MUSTER_RUNTIMES_LOOK_FOR_LOCAL: 'false' });
    // 4: this computer has no GPU.
    expect([0, 4]).toContain(status);
    expect(stderr).toBe('');
    const { hardware } = JSON.parse(stdout) as {
      readonly hardware: { readonly trace: readonly { readonly source: string; readonly outcome: string }[] };
    };
    expect(hardware.trace.map(({ source }) => source)).toContain('systeminformation');
    expect(hardware.trace.filter(({ outcome }) => outcome === 'failed' || outcome === 'timeout')).toEqual([]);
  });

  test('scheduler as the child of another program: dashboard and API; stdin ends -> stops in order', async () => {
    const lines: string[] = [];
    const child = nodeChild(program, [], {})(['scheduler', '--data-dir', path.join(folder, 'pool'), '--port', String(await freePort())]);
    const ended = new Promise((resolve) => {
      child.onExit(resolve);
    });
    child.onLine((line) => lines.push(line));
    const first = await until('scheduler_listening', () => lines.find((line) => line.includes('scheduler_listening')), 20_000);
    const { url } = JSON.parse(first) as { readonly url: string };
    expect(await (await fetch(`${url}/`)).text()).toContain('<title>Muster</title>');
    const nodes = await new Promise((resolve) => {
      execFile(program, ['nodes', '--json', '--data-dir', path.join(folder, 'pool')], { env: {} }, (error, stdout) => {
        resolve(error ?? JSON.parse(stdout));
      });
    });
    expect(nodes).toMatchObject({ nodes: [] });
    child.requestStop();
    expect(await ended).toBe(0);
    expect(lines.at(-1)).toContain('"stopped"');
  });
});

/** A port that no program listens on now. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

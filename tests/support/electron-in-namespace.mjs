// Runs Electron inside a network namespace for a Playwright outside: the ports that the app opens for debugging are reached through
// listeners here. Arguments: the command that enters the namespace as JSON, then Electron and its arguments.
import { spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';

const [, , enterJson = '[]', ...command] = process.argv;
const [program, ...enter] = JSON.parse(enterJson);

/** Connects stdin and stdout to a port of the namespace. */
const PIPE = `const s = require('node:net').connect(+process.argv[1], '127.0.0.1'); process.stdin.pipe(s); s.pipe(process.stdout); s.on('error', () => process.exit(1)); s.on('close', () => process.exit(0));`;

/**
 * @param {string} port
 * @returns {Promise<number>}
 */
function listenFor(port) {
  const server = createServer((socket) => {
    const pipe = spawn(program, [...enter, process.execPath, '-e', PIPE, port], { stdio: ['pipe', 'pipe', 'inherit'] });
    for (const stream of [socket, pipe.stdin, pipe.stdout]) stream.on('error', () => undefined);
    socket.pipe(pipe.stdin);
    pipe.stdout.pipe(socket);
    socket.on('close', () => pipe.kill('SIGKILL'));
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(address === null || typeof address === 'string' ? 0 : address.port);
    });
  });
}

const app = spawn(program, [...enter, ...command], { stdio: ['inherit', 'inherit', 'pipe'] });
let written = Promise.resolve();
createInterface({ input: app.stderr }).on('line', (line) => {
  const [, before, port, after] = /^(.*listening on ws:\/\/127\.0\.0\.1:)(\d+)(\/.*)$/.exec(line) ?? [];
  const shown = port === undefined ? Promise.resolve(line) : listenFor(port).then((here) => `${before}${here}${after}`);
  written = written.then(async () => {
    process.stderr.write(`${await shown}\n`);
  });
});
app.on('close', (code) => {
  void written.then(() => process.exit(code ?? 1));
});

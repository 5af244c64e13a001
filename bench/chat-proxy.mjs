// A plain reverse proxy in Node, for interactive.bench.ts: the least that a program between client and model server can do.
// Usage: node chat-proxy.mjs <port of the model server>. Prints its port.
import { Agent, createServer, request as httpRequest } from 'node:http';

const port = Number(process.argv[2]);
const agent = new Agent({ keepAlive: true });

const server = createServer((request, response) => {
  const { method, url, headers } = request;
  const passed = httpRequest({ host: '127.0.0.1', port, agent, method, path: url, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  passed.on('error', () => response.destroy());
  request.pipe(passed);
});
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${JSON.stringify(server.address())}\n`);
});

// `Expect: 100-continue`: a sender that asks first is refused before it has sent anything, where its size or its door says so already.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { type AccessPolicy, rejectReason } from '../access/access-policy';

/** `maxBodyBytes`: no route takes more. What the answer is says the server, as for everyone. */
export function answerExpectations(server: Server, door: AccessPolicy, maxBodyBytes: number): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    const isTooLarge = Number(request.headers['content-length'] ?? 0) > maxBodyBytes;
    const isWelcome = rejectReason(door, request.headers) === null;
    if (isWelcome && !isTooLarge) response.writeContinue();
    // What was announced does not come: the connection is good for nothing more.
    else response.setHeader('connection', 'close');
    server.emit('request', request, response);
  });
}

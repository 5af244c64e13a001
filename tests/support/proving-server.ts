// Answers proofs (ADR 0023) as a scheduler does that knows these secrets, for servers of tests that stand for a scheduler.
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { fingerprintOf, proofOf, secretHashOf } from '../../src/main/trust/proof';

/** True: the request was for a proof, and is answered. */
export function answerProof(secrets: readonly string[], request: IncomingMessage, response: ServerResponse): boolean {
  const url = new URL(request.url ?? '/', 'http://scheduler');
  if (url.pathname !== '/api/v1/proof') return false;
  const hash = secrets.map(secretHashOf).find((each) => fingerprintOf(each) === url.searchParams.get('key'));
  const { localAddress = '', localPort = 0 } = request.socket;
  const body =
    hash === undefined
      ? { error: { code: 'UNAUTHORIZED', message: 'unknown', details: null } }
      : { proof: proofOf(hash, url.searchParams.get('nonce') ?? '', { address: localAddress, port: localPort }) };
  const text = JSON.stringify(body);
  response.writeHead(hash === undefined ? 401 : 200, { 'content-type': 'application/json', 'content-length': String(text.length) });
  response.end(text);
  return true;
}

/** The listener, behind the proof of these secrets. */
export const proving =
  (secrets: readonly string[], listener: RequestListener): RequestListener =>
  (request, response) => {
    if (!answerProof(secrets, request, response)) listener(request, response);
  };

// One HTTP request to a runtime, from the connection to the last byte of the answer. The host name is resolved once, and the connection
// uses the checked address. Redirects are not followed. A timeout or an abort destroys the socket.
import { lookup } from 'node:dns';
import { Agent as HttpAgent, type ClientRequest, type IncomingHttpHeaders, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { codeOfError } from '../../../shared/errors';
import { fail, ok, type Result } from '../../../shared/result';
import type { Clock } from '../../platform/clock';
import { hostOf } from '../../platform/runtime-url';
import { mayConnect } from './address-policy';
import type { ExchangeFailure } from '../core/servers/answers';
import { isDecompressionError, UnknownEncoding, decompressed } from './decompress';

export interface RuntimeTarget {
  readonly url: URL;
  /** The owner configured this host: it may be another machine. */
  readonly allowed: boolean;
  /** Connect to 127.0.0.1 and, if nothing listens there, to `[::1]`. */
  readonly triesIpv6Loopback: boolean;
}

export interface ExchangeOptions {
  readonly target: RuntimeTarget;
  readonly clock: Clock;
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Appended to the target's URL, starting with a slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** For the whole exchange. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | null;
  /** Default: the exchange has a new connection, so that its failure shows the state of the server now. */
  readonly mayReuseConnection?: boolean;
}

export interface RuntimeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Decompressed, in pieces as they arrive. */
  readonly body: AsyncIterable<Buffer>;
}

/** Thrown when an answer exceeds its limit. */
export class TooLarge extends Error {}

/** Sends the request and passes the answer to `read`, with any status. Never rejects. */
export async function exchange<Value>(
  options: ExchangeOptions,
  read: (answer: RuntimeAnswer) => Promise<Value>,
): Promise<Result<Value, ExchangeFailure>> {
  const { signal } = options;
  if (isAborted(options)) return fail('aborted');
  const request = start(options);
  if (request === null) return fail('address_refused');
  let timedOut = false;
  const timer = options.clock.setTimer(options.timeoutMs, () => {
    timedOut = true;
    request.destroy();
  });
  const abort = () => {
    request.destroy();
  };
  signal?.addEventListener('abort', abort, { once: true });
  /** Why this side ended the exchange. This reason has precedence over an error of the reader. */
  const stopped = (): ExchangeFailure | null => (timedOut ? 'timeout' : isAborted(options) ? 'aborted' : null);
  let response: IncomingMessage | null = null;
  try {
    response = await answerTo(request);
    const value = await read({ status: response.statusCode ?? 0, headers: response.headers, body: decompressed(response) });
    const failure = stopped();
    return failure === null ? ok(value) : fail(failure);
  } catch (cause) {
    return fail(stopped() ?? failureOf(cause));
  } finally {
    timer.cancel();
    signal?.removeEventListener('abort', abort);
    // The reader may end before the answer does. A connection with a complete answer can be used again.
    if (response?.complete === true) response.resume();
    else request.destroy();
  }
}

const isAborted = ({ signal }: ExchangeOptions): boolean => signal?.aborted === true;

/**
 * A request has its connection for itself: destroying it affects no other request. A connection is used again at most this long after its
 * last answer. Model servers keep idle connections longer (5 s and more), so they do not close it at the same moment.
 */
const REUSED_WITHIN_MS = 1000;
const reuse = { keepAlive: true, timeout: REUSED_WITHIN_MS };
const httpConnections = new HttpAgent(reuse);
const httpsConnections = new HttpsAgent(reuse);

/** Null: the address is refused. */
function start(options: ExchangeOptions): ClientRequest | null {
  const { target, body } = options;
  const { url } = target;
  const host = hostOf(url);
  if (isIP(host) !== 0 && !mayConnect(host, target.allowed)) return null;
  const isSecure = url.protocol === 'https:';
  const request = (isSecure ? httpsRequest : httpRequest)({
    protocol: url.protocol,
    hostname: target.triesIpv6Loopback && host === IPV4_LOOPBACK ? 'localhost' : host,
    port: url.port,
    method: options.method,
    path: url.pathname.replace(/\/$/, '') + options.path,
    headers: {
      host: url.host,
      'accept-encoding': 'identity',
      ...options.headers,
      ...(body === null ? {} : { 'content-length': String(body.length) }),
    },
    agent: options.mayReuseConnection === true && (isSecure ? httpsConnections : httpConnections),
    lookup: target.triesIpv6Loopback ? bothLoopbacks : lookupAllowed(target.allowed),
    ...ADDRESS_ATTEMPT,
  });
  request.end(body ?? undefined);
  return request;
}

const answerTo = (request: ClientRequest): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    request.on('error', reject);
    request.on('response', resolve);
  });

/**
 * How long a connection to one address may take before the next address is tried. With the 250 ms of Node.js, a delay of the event loop
 * would end a connection that the server has accepted.
 */
const ADDRESS_ATTEMPT = { autoSelectFamilyAttemptTimeout: 2000 };

const IPV4_LOOPBACK = '127.0.0.1';

/** Node.js tries the addresses in order. */
const bothLoopbacks: LookupFunction = (_hostname, { all }, callback) => {
  if (all !== true) callback(null, IPV4_LOOPBACK, 4);
  else
    callback(null, [
      { address: IPV4_LOOPBACK, family: 4 },
      { address: '::1', family: 6 },
    ]);
};

class AddressRefused extends Error {}

/** Resolves the name once. Connections use only the allowed addresses. */
const lookupAllowed =
  (allowed: boolean): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      const addresses = error === null ? found.filter(({ address }) => mayConnect(address, allowed)) : [];
      const [first] = addresses;
      if (error !== null) callback(error, '', 0);
      else if (first === undefined) callback(new AddressRefused(), '', 0);
      else if (options.all === true) callback(null, addresses);
      else callback(null, first.address, first.family);
    });
  };

function failureOf(cause: unknown): ExchangeFailure {
  if (cause instanceof TooLarge) return 'too_large';
  if (cause instanceof AddressRefused) return 'address_refused';
  const code = codeOfError(cause) ?? '';
  if (code === 'ECONNREFUSED') return 'refused';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'name_not_found';
  if (code === 'ETIMEDOUT') return 'timeout';
  if (cause instanceof UnknownEncoding || code.startsWith('HPE_') || isDecompressionError(code)) return 'unreadable_answer';
  return 'broken';
}

/** The whole body, or `TooLarge`. */
export async function readBody({ body }: RuntimeAnswer, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > maxBytes) throw new TooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

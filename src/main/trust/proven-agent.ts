// Connections to a scheduler on this computer that proved to know the secret of the caller (ADR 0023). The secret then goes over the same
// connection. Any program can listen at the port while the scheduler is stopped, and must not get the secret.
import { randomBytes } from 'node:crypto';
import { Agent, type AgentOptions, type ClientRequestArgs } from 'node:http';
import { connect, type Socket } from 'node:net';
import { isRecord, parseJson } from '../../shared/json';
import { type ErrorCode, isSchedulerErrorCode } from '../../shared/protocol/codes';
import { type FirstAnswer, readAnswer } from './first-answer';
import { fingerprintOf, isSameProof, NONCE_BYTES, proofOf, secretHashOf } from './proof';

export const PROOF_PATH = '/api/v1/proof';
const PROOF_TIMEOUT_MS = 5000;

/** `not_proven`: another program answers, or a scheduler of an earlier version. */
export class ProofError extends Error {
  override readonly name = 'ProofError';

  /** `refusal`: the error of a scheduler that refuses to prove, for example because it does not know the secret. */
  constructor(
    readonly code: 'not_proven' | 'ETIMEDOUT',
    readonly refusal: FirstAnswer | null = null,
  ) {
    super(code);
  }
}

export interface Proof {
  readonly secret: string;
  /** The language of a refusal. */
  readonly language?: string | undefined;
  /** Of the connection and the proof together. Default: 5 s. */
  readonly timeoutMs?: number;
}

export class ProvenAgent extends Agent {
  readonly #proof: Proof;

  constructor(proof: Proof, options: AgentOptions = { keepAlive: true }) {
    super(options);
    this.#proof = proof;
  }

  /** Called by Node for each connection. */
  override createConnection(options: ClientRequestArgs, callback?: (error: Error | null, socket: Socket) => void): undefined {
    openProvenSocket({ host: options.host ?? 'localhost', port: Number(options.port ?? 80) }, this.#proof).then(
      (socket) => callback?.(null, socket),
      (error: unknown) => {
        // Node expects no socket beside an error.
        callback?.(error as Error, undefined as unknown as Socket);
      },
    );
    return undefined;
  }
}

/** For one request over a socket that is open already. */
export class OpenSocketAgent extends Agent {
  readonly #socket: Socket;

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
  }

  override createConnection(): Socket {
    return this.#socket;
  }
}

/** A connection to a program that has proven to know the secret. Rejects as `proveSocket` does. */
export async function openProvenSocket({ host, port }: { readonly host: string; readonly port: number }, proof: Proof): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true });
  try {
    await proveSocket(socket, proof, host);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Rejects with `ProofError`, or with the error of the connection. */
async function proveSocket(socket: Socket, { secret, language, timeoutMs = PROOF_TIMEOUT_MS }: Proof, host: string): Promise<void> {
  const hash = secretHashOf(secret);
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  const timer = setTimeout(() => socket.destroy(new ProofError('ETIMEDOUT')), timeoutMs);
  const path = `${PROOF_PATH}?key=${fingerprintOf(hash)}&nonce=${nonce}`;
  const named = host.includes(':') ? `[${host}]` : host;
  socket.once('connect', () => {
    const languageLine = language === undefined ? '' : `Accept-Language: ${language}\r\n`;
    socket.write(`GET ${path} HTTP/1.1\r\nHost: ${named}:${String(socket.remotePort)}\r\n${languageLine}\r\n`);
  });
  try {
    const answer = await readAnswer(socket);
    const { remoteAddress = '', remotePort = 0 } = socket;
    if (answer === null) throw new ProofError('not_proven');
    if (isRefusal(answer)) throw new ProofError('not_proven', answer);
    const expected = proofOf(hash, nonce, { address: remoteAddress, port: remotePort });
    if (answer.status !== 200 || !isSameProof(proofIn(answer), expected)) throw new ProofError('not_proven');
  } finally {
    clearTimeout(timer);
  }
}

function proofIn({ body }: FirstAnswer): string {
  const answer = parseJson(body);
  return isRecord(answer) && typeof answer['proof'] === 'string' ? answer['proof'] : '';
}

/** Refusals that every route of a scheduler can have. An unknown path is none: a scheduler of an earlier version cannot prove. */
const REFUSALS: readonly string[] = ['UNAUTHORIZED', 'TOO_MANY_ATTEMPTS', 'TLS_REQUIRED', 'HOST_NOT_ALLOWED', 'OVERLOADED', 'NOT_LEADER'];

function isRefusal(answer: FirstAnswer): boolean {
  const code = answer.status < 400 ? null : errorCodeIn(answer);
  return code !== null && REFUSALS.includes(code);
}

/** The error of a scheduler. Null: the answer has none. */
export function errorCodeIn({ body }: Pick<FirstAnswer, 'body'>): ErrorCode | null {
  const answer = parseJson(body);
  const error = isRecord(answer) ? answer['error'] : null;
  const code = isRecord(error) ? error['code'] : null;
  return typeof code === 'string' && isSchedulerErrorCode(code) ? code : null;
}

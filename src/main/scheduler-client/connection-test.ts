// Tests the connection to a scheduler step by step, so that the user sees which step fails. The test changes nothing: it opens a node
// socket to check the token, and closes the socket without registering.
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { JOIN_STEPS, type JoinStep, type PoolAddress } from '../../shared/api/app-api';
import { callerViewSchema } from '../../shared/api/members';
import { healthzSchema } from '../../shared/api/node-view';
import { httpUrlOf, parsePoolAddress, type PoolTarget, transportFault, webSocketUrlOf } from '../../shared/api/join-link';
import { parseJson } from '../../shared/json';
import { MAX_UNREGISTERED_MESSAGE_BYTES, NODE_SOCKET_PATH, PROTOCOL_VERSION } from '../../shared/protocol/limits';
import { type ContactFault, pinnedAgent, requestAuthority } from '../trust/first-contact';
import { fetchWithAuthority } from '../trust/pinned-fetch';
import { ProofError, ProvenAgent } from '../trust/proven-agent';
import { causeOf, fetchPlain, readText } from './bounded-answer';

export type ConnectionTester = (address: PoolAddress) => Promise<JoinStep[]>;

type Details = JoinStep['details'];
type StepName = JoinStep['step'];
/** `code` null: passed. */
interface Finding {
  readonly code: string | null;
  readonly details: Details;
}

export interface ConnectionTestOptions {
  /** Timeout of each step. */
  readonly timeoutMs?: number;
  readonly monotonicMs?: () => number;
}

/** Results of earlier steps for later ones. */
interface TestContext {
  target: PoolTarget;
  token: string | null;
  /** The CA of a pool with a pin, from the step `http` on. */
  ca: string | null;
  protocol: string;
}

type TestStep = (context: TestContext, address: PoolAddress, timeoutMs: number) => Finding | Promise<Finding>;

const STEPS: Readonly<Record<StepName, TestStep>> = {
  address: parseAddress,
  name: resolveName,
  port: openPort,
  http: requestHealth,
  token: testToken,
  protocol: compareProtocol,
};

const NO_TARGET: PoolTarget = { host: '', port: 0, secure: false, token: null, pin: null };

export function createConnectionTester({
  timeoutMs = 5000,
  monotonicMs = () => performance.now(),
}: ConnectionTestOptions = {}): ConnectionTester {
  return async (address) => {
    const context: TestContext = { target: NO_TARGET, token: null, ca: null, protocol: '' };
    const steps: JoinStep[] = [];
    for (const step of JOIN_STEPS) {
      if (steps.some(({ outcome }) => outcome === 'failed')) {
        steps.push({ step, outcome: 'skipped', code: null, details: {}, duration_ms: 0 });
        continue;
      }
      const startMonotonicMs = monotonicMs();
      const { code, details } = await STEPS[step](context, address, timeoutMs);
      steps.push({
        step,
        outcome: code === null ? 'passed' : 'failed',
        code,
        details,
        duration_ms: Math.round(monotonicMs() - startMonotonicMs),
      });
    }
    return steps;
  };
}

const passed = (details: Details = {}): Finding => ({ code: null, details });
const failed = (code: string, details: Details = {}): Finding => ({ code, details });

function parseAddress(context: TestContext, { address, token }: PoolAddress): Finding {
  const target = parsePoolAddress(address);
  if (!target.ok) return failed(target.error);
  const fault = transportFault(target.value);
  if (fault !== null) return failed(fault, { host: target.value.host });
  context.target = target.value;
  context.token = token ?? target.value.token;
  return passed({ host: target.value.host, port: target.value.port });
}

async function resolveName({ target }: TestContext, _address: PoolAddress, timeoutMs: number): Promise<Finding> {
  const found = await within(
    timeoutMs,
    lookup(target.host, { all: true }).catch((error: unknown) => causeOf(error)),
  );
  if (found === TIMEOUT) return failed('timeout', { host: target.host, timeout_ms: timeoutMs });
  if (typeof found === 'string') return failed('name_not_found', { host: target.host, cause: found });
  return passed({ host: target.host, addresses: found.slice(0, 8).map(({ address }) => address) });
}

async function openPort({ target: { host, port } }: TestContext, _address: PoolAddress, timeoutMs: number): Promise<Finding> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const end = (finding: Finding): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(finding);
    };
    const timer = setTimeout(() => {
      end(failed('timeout', { host, port, timeout_ms: timeoutMs }));
    }, timeoutMs);
    socket.once('connect', () => {
      end(passed({ host, port }));
    });
    socket.once('error', (error) => {
      const cause = causeOf(error);
      end(failed(cause === 'ECONNREFUSED' ? 'refused' : 'unreachable', { host, port, cause }));
    });
  });
}

async function requestHealth(context: TestContext, _address: PoolAddress, timeoutMs: number): Promise<Finding> {
  const { host, port, pin } = context.target;
  const url = `${httpUrlOf(context.target)}/healthz`;
  if (pin !== null) {
    const ca = await requestAuthority({ host, port, pin }, { timeoutMs });
    if (!ca.ok) return failedContact(ca.error, url, timeoutMs);
    context.ca = ca.value;
  }
  try {
    const send = context.ca === null ? fetch : fetchWithAuthority(context.ca);
    const response = await fetchPlain(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) }, send);
    const text = await readText(response, 'health');
    const health = healthzSchema.safeParse(response.ok ? parseJson(text) : null);
    if (!health.success) return failed('not_a_scheduler', { url, http_status: response.status });
    context.protocol = health.data.protocol;
    return passed({ url, version: health.data.version });
  } catch (error) {
    const cause = causeOf(error);
    if (cause === 'TimeoutError') return failed('timeout', { url, timeout_ms: timeoutMs });
    return failed(CERTIFICATE_CAUSE.test(cause) ? 'certificate_untrusted' : 'not_a_scheduler', { url, cause });
  }
}

/** Codes of OpenSSL for a certificate that this system does not trust, or that is for another name. */
const CERTIFICATE_CAUSE = /CERT|UNABLE_TO_|ALTNAME/;

/** The first contact checks the certificate against the pin. */
function failedContact(fault: ContactFault, url: string, timeoutMs: number): Finding {
  if (fault.code === 'timeout') return failed('timeout', { url, timeout_ms: timeoutMs });
  return fault.code === 'failed' ? failed('no_tls', { url, cause: fault.cause }) : failed(fault.code, { url });
}

async function testToken(context: TestContext, _address: PoolAddress, timeoutMs: number): Promise<Finding> {
  const finding = await openNodeSocket(context, timeoutMs);
  const name = finding.code === null ? await askPoolName(context, timeoutMs) : null;
  return name === null ? finding : passed({ ...finding.details, pool_name: name });
}

const MAX_POOL_NAME_LENGTH = 64;

/** Null: the pool does not say its name to this caller, or the connection has no TLS: a key is then sent only after a proof. */
async function askPoolName({ target, token, ca }: TestContext, timeoutMs: number): Promise<string | null> {
  if (!target.secure || token === null) return null;
  try {
    const headers = { authorization: `Bearer ${token}` };
    const init = { headers, redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) } as const;
    const response = await fetchPlain(`${httpUrlOf(target)}/api/v1/session`, init, ca === null ? fetch : fetchWithAuthority(ca));
    const caller = callerViewSchema.safeParse(parseJson(await readText(response, 'health')));
    const name = caller.data?.pool_name?.trim() ?? '';
    return name === '' ? null : name.slice(0, MAX_POOL_NAME_LENGTH);
  } catch {
    return null;
  }
}

async function openNodeSocket({ target, token, ca }: TestContext, timeoutMs: number): Promise<Finding> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve) => {
    const socket = new WebSocket(`${webSocketUrlOf(target)}${NODE_SOCKET_PATH}`, {
      headers,
      handshakeTimeout: timeoutMs,
      // The test reads no message.
      maxPayload: MAX_UNREGISTERED_MESSAGE_BYTES,
      perMessageDeflate: false,
      ...(ca === null ? provenBy(target, token, timeoutMs) : { agent: pinnedAgent(ca) }),
    });
    const end = (finding: Finding): void => {
      resolve(finding);
      socket.terminate();
    };
    socket.once('open', () => {
      end(passed({ token_sent: token !== null }));
    });
    socket.once('unexpected-response', (_request, response) => {
      const status = response.statusCode ?? 0;
      end(failed(status === 401 ? 'unauthorized' : 'refused', { http_status: status, token_sent: token !== null }));
    });
    // `terminate` causes one more error. It is ignored, since a promise keeps its first value.
    socket.on('error', (error) => {
      resolve(failedSocket(error, target, timeoutMs));
    });
  });
}

/** A plain connection carries the token after the scheduler has proven to know it. */
const provenBy = ({ secure }: PoolTarget, token: string | null, timeoutMs: number) =>
  secure || token === null ? {} : { agent: new ProvenAgent({ secret: token, timeoutMs }) };

/** A refused proof counts as a sent token: its fingerprint was sent. */
function failedSocket(error: Error, { host, port }: PoolTarget, timeoutMs: number): Finding {
  if (error instanceof ProofError && error.code === 'not_proven') {
    const status = error.refusal?.status ?? null;
    if (status === null) return failed('not_proven', { host, port });
    return failed(status === 401 ? 'unauthorized' : 'refused', { http_status: status, token_sent: true });
  }
  const isTimeout = error.message.includes('handshake has timed out') || causeOf(error) === 'ETIMEDOUT';
  return isTimeout ? failed('timeout', { timeout_ms: timeoutMs }) : failed('refused', { cause: causeOf(error) });
}

/** The major version must be equal. The minor version may differ. */
function compareProtocol({ protocol }: TestContext): Finding {
  const details = { ours: PROTOCOL_VERSION, theirs: protocol };
  return majorOf(protocol) === majorOf(PROTOCOL_VERSION) ? passed(details) : failed('protocol_unsupported', details);
}

const majorOf = (version: string): string => version.split('.')[0] ?? '';

const TIMEOUT = Symbol('timeout');

async function within<Value>(timeoutMs: number, work: Promise<Value>): Promise<Value | typeof TIMEOUT> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<typeof TIMEOUT>((resolve) => {
    timer = setTimeout(() => {
      resolve(TIMEOUT);
    }, timeoutMs);
  });
  return Promise.race([work, late]).finally(() => {
    clearTimeout(timer);
  });
}

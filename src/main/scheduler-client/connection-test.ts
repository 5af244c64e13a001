// Tests the way to a scheduler step by step, so that a person learns which part of it is at fault. It changes nothing: the
// socket it opens to try the token is closed again without registering.
import { lookup } from 'node:dns/promises';
import { connect } from 'node:net';
import { WebSocket } from 'ws';
import { JOIN_STEPS, type JoinStep, type PoolAddress } from '../../shared/api/app-api';
import { healthzSchema } from '../../shared/api/node-view';
import { httpUrlOf, parsePoolAddress, type PoolTarget, webSocketUrlOf } from '../../shared/api/join-link';
import { NODE_SOCKET_PATH, PROTOCOL_VERSION } from '../../shared/protocol/limits';
import { causeOf } from './http-client';

export type JoinTester = (address: PoolAddress) => Promise<JoinStep[]>;

type Details = JoinStep['details'];
type StepName = JoinStep['step'];
/** `code` null: passed. */
interface Finding {
  readonly code: string | null;
  readonly details: Details;
}

export interface JoinTestOptions {
  /** Each step is given up after this. */
  readonly timeoutMs?: number;
  readonly nowMs?: () => number;
}

/** What earlier steps found out for later ones. */
interface Walk {
  target: PoolTarget;
  token: string | null;
  protocol: string;
}

type Step = (walk: Walk, address: PoolAddress, timeoutMs: number) => Finding | Promise<Finding>;

const STEPS: Readonly<Record<StepName, Step>> = {
  address: readAddress,
  name: resolveName,
  port: openPort,
  http: askHealth,
  token: tryToken,
  protocol: compareProtocol,
};

export function createJoinTester({ timeoutMs = 5000, nowMs = () => performance.now() }: JoinTestOptions = {}): JoinTester {
  return async (address) => {
    const walk: Walk = { target: { host: '', port: 0, secure: false, token: null }, token: null, protocol: '' };
    const steps: JoinStep[] = [];
    for (const step of JOIN_STEPS) {
      if (steps.some(({ outcome }) => outcome === 'failed')) {
        steps.push({ step, outcome: 'skipped', code: null, details: {}, duration_ms: 0 });
        continue;
      }
      const startMs = nowMs();
      const { code, details } = await STEPS[step](walk, address, timeoutMs);
      steps.push({ step, outcome: code === null ? 'passed' : 'failed', code, details, duration_ms: Math.round(nowMs() - startMs) });
    }
    return steps;
  };
}

const passed = (details: Details = {}): Finding => ({ code: null, details });
const failed = (code: string, details: Details = {}): Finding => ({ code, details });

function readAddress(walk: Walk, { address, token }: PoolAddress): Finding {
  const target = parsePoolAddress(address);
  if (!target.ok) return failed(target.error);
  walk.target = target.value;
  walk.token = token ?? target.value.token;
  return passed({ host: target.value.host, port: target.value.port });
}

async function resolveName({ target }: Walk, _address: PoolAddress, timeoutMs: number): Promise<Finding> {
  const found = await within(
    timeoutMs,
    lookup(target.host, { all: true }).catch((error: unknown) => causeOf(error)),
  );
  if (found === TIMEOUT) return failed('timeout', { host: target.host, timeout_ms: timeoutMs });
  if (typeof found === 'string') return failed('name_not_found', { host: target.host, cause: found });
  return passed({ host: target.host, addresses: found.slice(0, 8).map(({ address }) => address) });
}

async function openPort({ target: { host, port } }: Walk, _address: PoolAddress, timeoutMs: number): Promise<Finding> {
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

async function askHealth(walk: Walk, _address: PoolAddress, timeoutMs: number): Promise<Finding> {
  const url = `${httpUrlOf(walk.target)}/healthz`;
  try {
    const response = await fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) });
    const text = (await response.text()).slice(0, 64 * 1024);
    const health = healthzSchema.safeParse(response.ok ? jsonOrNull(text) : null);
    if (!health.success) return failed('not_a_scheduler', { url, http_status: response.status });
    walk.protocol = health.data.protocol;
    return passed({ url, version: health.data.version });
  } catch (error) {
    const cause = causeOf(error);
    return cause === 'TimeoutError' ? failed('timeout', { url, timeout_ms: timeoutMs }) : failed('not_a_scheduler', { url, cause });
  }
}

async function tryToken({ target, token }: Walk, _address: PoolAddress, timeoutMs: number): Promise<Finding> {
  const headers = token === null ? {} : { authorization: `Bearer ${token}` };
  return new Promise((resolve) => {
    const socket = new WebSocket(`${webSocketUrlOf(target)}${NODE_SOCKET_PATH}`, {
      headers,
      handshakeTimeout: timeoutMs,
      perMessageDeflate: false,
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
    // Also after `terminate`, whose own error says nothing new: the first finding stands.
    socket.on('error', (error) => {
      resolve(
        error.message.includes('handshake has timed out')
          ? failed('timeout', { timeout_ms: timeoutMs })
          : failed('refused', { cause: causeOf(error) }),
      );
    });
  });
}

/** The major number must be ours; a minor one may differ. */
function compareProtocol({ protocol }: Walk): Finding {
  const details = { ours: PROTOCOL_VERSION, theirs: protocol };
  return majorOf(protocol) === majorOf(PROTOCOL_VERSION) ? passed(details) : failed('protocol_unsupported', details);
}

const majorOf = (version: string): string => version.split('.')[0] ?? '';

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

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

// The check of the bus of a cluster in `muster doctor`: connects as a member does, and sends one message to itself. Members notice nothing.
import { randomUUID, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { reasonOfError } from '../../shared/errors';
import type { Clock } from '../platform/clock';
import type { ClusterBusConfig } from '../platform/config/config';
import type { Bus, BusFault } from '../scheduler/cluster/bus/bus';
import { FRAME_HEAD_BYTES, MAX_BODY_BYTES } from '../scheduler/cluster/bus/core/frame';
import { isToken } from '../scheduler/cluster/bus/core/subjects';
import { openNatsBus } from '../scheduler/cluster/bus/open-nats-bus';
import type { BusCheck, BusFinding } from './core/bus-check';
import { POOL_ID_FILE } from './member-replica';

/** The client tries each server once, for 5 s. */
const CONNECT_WITHIN_MS = 15_000;
const ANSWER_WITHIN_MS = 3000;
const EMPTY = new Uint8Array(0);

/** `dataDir`: has the name of the pool on the bus after the first start of a member. Before, another name below `muster.` is used. */
export async function checkBus({ url, credentialsFile, caFile }: ClusterBusConfig, dataDir: string, clock: Clock): Promise<BusCheck> {
  const unusable = caFile === null ? null : await caFault(caFile);
  if (unusable !== null) return { problems: [{ code: 'ca_file', detail: `${caFile ?? ''}: ${unusable}` }] };
  const settings = { url, credentialsFile, caFile, memberName: 'muster doctor' };
  const opened = await openNatsBus(settings, await poolIdOf(dataDir), clock);
  if (!opened.ok) return { problems: [{ code: 'settings', detail: opened.error }] };
  const bus = opened.value;
  try {
    return { problems: await problemsOf(bus, clock) };
  } finally {
    await bus.close();
  }
}

/** Null: the file has a certificate. The client would take a missing file for a server that cannot be reached. */
async function caFault(file: string): Promise<string | null> {
  try {
    new X509Certificate(await readFile(file));
    return null;
  } catch (cause) {
    return reasonOfError(cause);
  }
}

async function poolIdOf(dataDir: string): Promise<string> {
  const stored = await readFile(path.join(dataDir, POOL_ID_FILE), 'utf8').catch(() => '');
  return isToken(stored.trim()) ? stored.trim() : tokenOf();
}

const tokenOf = (): string => randomUUID().replaceAll('-', '');

async function problemsOf(bus: Bus, clock: Clock): Promise<readonly BusFinding[]> {
  const problems = new Map<string, BusFinding>();
  bus.onStatus((status) => {
    const problem = status.type === 'fault' ? problemOf(status.fault) : null;
    if (problem !== null) problems.set(`${problem.code} ${problem.detail}`, problem);
  });
  if (!(await isConnectedSoon(bus, clock))) {
    return problems.size === 0 ? [{ code: 'unreachable', detail: 'timeout' }] : [...problems.values()];
  }
  const subject = `doctor.${tokenOf()}`;
  bus.subscribe(subject, (message) => message.reply(EMPTY));
  // The refusal of a subscription comes before the answer to this.
  await bus.flush();
  const answer = await bus.request(subject, EMPTY, ANSWER_WITHIN_MS);
  const isExplained = [...problems.values()].some(({ code }) => code !== 'payload_limit');
  const silent: readonly BusFinding[] = answer.ok || isExplained ? [] : [{ code: 'no_answer', detail: answer.error }];
  return [...problems.values(), ...silent];
}

/** False: the first attempt has failed. The bus would go on trying. */
function isConnectedSoon(bus: Bus, clock: Clock): Promise<boolean> {
  return new Promise((resolve) => {
    const timer = clock.setTimer(CONNECT_WITHIN_MS, () => end(false));
    const stop = bus.onStatus((status) => {
      if (status.type === 'connected') end(true);
      if (status.type === 'fault' && status.fault.type !== 'payload_limit') end(false);
    });
    const end = (isConnected: boolean): void => {
      timer.cancel();
      stop();
      resolve(isConnected);
    };
  });
}

function problemOf(fault: BusFault): BusFinding | null {
  switch (fault.type) {
    case 'permission':
      return { code: fault.type, detail: fault.operation };
    case 'payload_limit':
      return {
        code: fault.type,
        detail: `${String(fault.bytes)} bytes, needed: ${String(MAX_BODY_BYTES + FRAME_HEAD_BYTES)}`,
      };
    case 'handler':
      return null;
    case 'auth':
    case 'credentials':
    case 'tls':
    case 'unreachable':
      return { code: fault.type, detail: fault.reason };
  }
}

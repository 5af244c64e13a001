// Runs a client command: finds the scheduler that it talks to and the token that it sends, and prints why a request failed.
import path from 'node:path';
import type { Outcome } from '../../shared/api/app-api';
import { httpUrlOf, parsePoolAddress, type PoolTarget, transportFault } from '../../shared/api/join-link';
import { fail, ok, type Result } from '../../shared/result';
import { storedNodeIds } from '../agent/identity-store';
import { readJoinedPool } from '../joining/joined-pool-file';
import type { PoolPort, TrustPort } from '../contracts/ports';
import { systemClock } from '../platform/clock';
import { isToken, readToken } from '../platform/token-file';
import { HttpClient } from '../scheduler-client/http-client';
import { PoolClient } from '../scheduler-client/pool-client';
import { TrustClient } from '../scheduler-client/trust-client';
import { CA_FILE, pinInFile } from '../trust/ca-file';
import { isLoopbackHost, localHostOf } from '../../shared/loopback';
import type { Invocation } from './command';
import { type MessageContext, messageContextOf } from './core/message-context';
import { EXIT } from './exit-code';
import { requestFailure } from './request-failure';
import { schedulerHere } from './running-scheduler';
import { type CliFailure, commandLogger, configFailure, loadSettings, type Settings } from './settings';

interface SchedulerEndpoint {
  readonly baseUrl: string;
  readonly token: string | null;
  readonly pin: string | null;
  readonly settings: Settings;
}

/** The scheduler of a client command, its HTTP client, and the context of messages. */
export interface SchedulerSession extends SchedulerEndpoint {
  readonly client: HttpClient;
  /** The same scheduler as a pool, for the operations of operators. */
  readonly pool: PoolPort;
  /** Its members, invitations, keys, audit log and join requests. */
  readonly trust: TrustPort;
  readonly context: MessageContext;
}

/**
 * Finds the scheduler and calls `use`, which returns the exit code or the error of a failed request. Prints a message for every failure.
 * `timeoutMs`: the timeout of a request, where the default is too short.
 */
export async function withScheduler(
  invocation: Invocation,
  use: (session: SchedulerSession) => Promise<Outcome<number>>,
  timeoutMs?: number,
): Promise<number> {
  const { io, options } = invocation;
  const exit = ({ message, exitCode }: CliFailure): number => {
    io.err(`muster: ${message}\n`);
    return exitCode;
  };
  const endpoint = await findScheduler(invocation);
  if (!endpoint.ok) return exit(endpoint.error);
  const { baseUrl, token, pin, settings } = endpoint.value;
  const context = messageContextOf(io.env, options);
  const access = { baseUrl, token, pin, language: context.language, ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  const client = new HttpClient(access);
  const pool = new PoolClient({ ...access, clock: systemClock, logger: commandLogger(settings, io) });
  const trust = new TrustClient(access);
  const outcome = await use({ ...endpoint.value, client, pool, trust, context });
  if (outcome.ok) return outcome.value;
  const isNode = token === null && storedNodeIds(settings.paths.identityFile).length > 0;
  return exit(requestFailure(outcome.error, baseUrl, context, isNode ? nodeHint(context) : undefined));
}

/** The agent renews the credential of a node, so no command sends it. */
const nodeHint = ({ program }: MessageContext): string =>
  `. This computer is a node of another pool, and commands do not use its credential. Give the address of that pool with --url and a key with --key-file. The app makes a key on the page Connect programs. Or start an own pool with: ${program} pool`;

/** The scheduler that the flags or the environment name, that this computer joined, or that runs here. */
async function findScheduler(invocation: Invocation): Promise<Result<SchedulerEndpoint, CliFailure>> {
  const settings = await loadSettings(invocation);
  if (!settings.ok) return fail(configFailure(settings.error));
  const { io, options } = invocation;
  const named = options.text('url') ?? nonEmpty(io.env['MUSTER_URL']);
  const joined = named === undefined ? await joinedPool(invocation, settings.value) : null;
  if (joined !== null) {
    tellUnusedKey(invocation, 'credential');
    return ok({ ...joined, settings: settings.value });
  }
  const { host, port } = schedulerHere(settings.value);
  if (named === undefined && port === 0)
    return fail({
      exitCode: EXIT.usage,
      message: 'no scheduler is found on this data folder, and server.port is 0: give an address with --url or MUSTER_URL',
    });

  const target = named === undefined ? ok(await targetHere(localHostOf(host), port, settings.value)) : parsePoolAddress(named);
  if (!target.ok)
    return fail({ exitCode: EXIT.usage, message: `--url or MUSTER_URL is not an address such as http://127.0.0.1:7080 (${target.error})` });
  const isHere = named === undefined || isLoopbackHost(target.value.host);
  if (transportFault(target.value) !== null) return fail({ exitCode: EXIT.usage, message: pinMissing(httpUrlOf(target.value)) });
  const key = named === undefined || keyFileOf(invocation) !== undefined ? undefined : nonEmpty(io.env['MUSTER_KEY']);
  const token = key === undefined ? await keyInFile(invocation, settings.value, isHere) : namedKey(key);
  if (!token.ok) return token;
  if (named === undefined) tellUnusedKey(invocation, token.value === null ? 'none' : 'owner');
  return ok({ baseUrl: httpUrlOf(target.value), token: token.value, pin: target.value.pin, settings: settings.value });
}

/**
 * The pool that this computer joined without a node, when it hosts none itself. The credential of a node is not used here: its agent
 * renews it.
 */
async function joinedPool({ io, options }: Invocation, { paths }: Settings): Promise<Omit<SchedulerEndpoint, 'settings'> | null> {
  if (keyFileOf({ io, options }) !== undefined || (await readToken(paths.adminTokenFile)).ok) return null;
  const joined = await readJoinedPool(paths.stateDir);
  const [host] = joined?.addresses ?? [];
  if (joined === null || host === undefined || joined.roles.includes('node')) return null;
  const { port, pin, credential } = joined;
  return { baseUrl: httpUrlOf({ host, port, secure: true, pin, token: null }), token: credential, pin };
}

/** The scheduler on this computer. Where it listens on an address of the network only, its CA in the data folder has the pin. */
async function targetHere(host: string, port: number, { config, paths }: Settings): Promise<PoolTarget> {
  if (isLoopbackHost(host)) return { host, port, secure: false, token: null, pin: null };
  const pin = config.server.tlsFiles === null ? await pinInFile(path.join(paths.dataDir, CA_FILE)) : null;
  return { host, port, secure: true, token: null, pin };
}

const pinMissing = (url: string): string =>
  `the address ${url} has no pin, so a program on the network could read the token. Use the join link of the pool, or https:// with #pin=sha256-... (the log of the scheduler has the pin)`;

/** The key file that the user named. */
const keyFileOf = ({ io, options }: Pick<Invocation, 'io' | 'options'>): string | undefined =>
  options.text('key-file') ?? options.text('admin-token-file') ?? nonEmpty(io.env['MUSTER_ADMIN_TOKEN_FILE']);

/** `MUSTER_KEY` is of a program, so it goes to an address that the user names. Without one, an operator's command keeps the owner key. */
const namedKey = (key: string): Result<string, CliFailure> =>
  isToken(key)
    ? ok(key)
    : fail({ exitCode: EXIT.usage, message: 'MUSTER_KEY is not a key: expected 16 to 256 letters, digits and ._~+/=-' });

const SENT_INSTEAD = {
  owner: { en: 'the owner key of this computer is sent', zh: '将发送本机的所有者密钥' },
  credential: { en: 'the credential of this computer is sent', zh: '将发送本机的凭据' },
  none: { en: 'no key is sent', zh: '不会发送密钥' },
} as const;

/** No address is given. A key file that the user named says itself which key is sent. */
function tellUnusedKey({ io, options }: Invocation, sent: keyof typeof SENT_INSTEAD): void {
  if (nonEmpty(io.env['MUSTER_KEY']) === undefined || keyFileOf({ io, options }) !== undefined) return;
  const { en, zh } = SENT_INSTEAD[sent];
  io.err(
    messageContextOf(io.env).language === 'zh'
      ? `muster: 未使用 MUSTER_KEY，因为没有指定地址：${zh}。请用 --url 或 MUSTER_URL 指定地址。\n`
      : `muster: MUSTER_KEY is not used, because no address is given: ${en}. Give the address with --url or MUSTER_URL.\n`,
  );
}

/** The token of the scheduler on this computer is sent to this computer only. */
async function keyInFile(invocation: Invocation, { paths }: Settings, isHere: boolean): Promise<Result<string | null, CliFailure>> {
  const named = keyFileOf(invocation);
  if (named === undefined && !isHere) return ok(null);
  const file = named ?? paths.adminTokenFile;
  const token = await readToken(file);
  if (token.ok) return ok(token.value);
  if (named === undefined) return ok(null);
  return fail({ exitCode: EXIT.usage, message: `the key file ${file}: ${token.error.reason}` });
}

const nonEmpty = (text: string | undefined): string | undefined => (text === '' ? undefined : text);

// `muster join [LINK|POOL]`: joins the pool of an invitation, or a pool of this network by six digits that two people compare. Then it
// runs an agent there.
import { hostname } from 'node:os';
import { parsePoolAddress } from '../../shared/api/join-link';
import { pastedAddress } from '../../shared/api/pasted-link';
import { reasonOfError } from '../../shared/errors';
import { fail, ok, type Result } from '../../shared/result';
import { browsePools } from '../joining/browse';
import type { JoinClaims } from '../joining/core/join-messages';
import { type JoinedPool, joinedPoolOf } from '../joining/core/joined-pool';
import { toClaims } from '../joining/core/own-claims';
import { joinAtPool, type WantedPool } from '../joining/join-at-pool';
import type { JoinTarget } from '../joining/join-client';
import { writeJoinedPool } from '../joining/joined-pool-file';
import { systemClock } from '../platform/clock';
import type { Logger } from '../platform/logger';
import type { CliIo, Command, Invocation } from './command';
import { JSON_OPTION, NODE_OPTIONS } from './common-options';
import { choosePool, isAddress, isFound } from './core/choose-pool';
import { messageContextOf } from './core/message-context';
import { printable } from './core/text-table';
import { EXIT } from './exit-code';
import { openProber } from './hardware-prober';
import { joinByInvitation } from './join-by-invitation';
import { faultFailure, linkFault, outcomeFailure } from './join-failure';
import { runJoinedAgent } from './run-agent';
import { type CliFailure, configFailure, loadDaemonSettings, type Settings } from './settings';

export const joinCommand: Command = {
  name: 'join',
  summary: 'Join the pool of an invitation, or a pool of this network by six digits. A computer that joins as a node then runs an agent.',
  operands: ['[LINK|POOL]'],
  options: {
    once: { value: null, doc: 'End when the pool has accepted this computer, for example before a service runs the agent.' },
    ...NODE_OPTIONS,
    ...JSON_OPTION,
  },
  run: runJoin,
};

const BROWSE_MS = 4000;

async function runJoin(invocation: Invocation): Promise<number> {
  const { io } = invocation;
  const operand = operandOf(invocation);
  const fault = linkFault(operand ?? '', messageContextOf(io.env));
  if (fault !== null) {
    io.err(`muster: join: ${fault}\n`);
    return EXIT.usage;
  }
  const loaded = await loadDaemonSettings(invocation);
  if (!loaded.ok) return loaded.error;
  const { settings, logger } = loaded.value;
  const link = parsePoolAddress(operand ?? '');
  if (link.ok && link.value.token !== null) return joinByInvitation({ settings, io, logger }, invocation, link.value, link.value.token);
  const joined = await joinPool(invocation, settings, logger);
  if (joined.ok)
    return invocation.options.isSet('once') ? EXIT.ok : runJoinedAgent(settings, io, logger, { pool: joined.value, isNew: false });
  io.err(`muster: ${joined.error.message}\n`);
  return joined.error.exitCode;
}

/** A person may paste the whole text of an invitation. Null: none was given. */
function operandOf({ operands: [text] }: Invocation): string | null {
  return text === undefined ? null : pastedAddress(text);
}

async function joinPool(invocation: Invocation, settings: Settings, logger: Logger): Promise<Result<JoinedPool, CliFailure>> {
  const { io, options } = invocation;
  const claims = await ownClaims(settings, io, logger);
  if (!claims.ok) return claims;
  const wanted = await findPool(operandOf(invocation));
  if (!wanted.ok) return wanted;
  // A connection that ends is no alarm for the host, as different digits are.
  const noDigits = new AbortController();
  const isSame = async (digits: string, target: JoinTarget): Promise<boolean> => {
    const text = `Compare with the host of the pool: ${digits.slice(0, 3)} ${digits.slice(3)}\n`;
    io.out(options.isSet('json') ? `${JSON.stringify({ event: 'compare', digits, address: target.host, port: target.port })}\n` : text);
    if (!options.isSet('json')) io.err('Type the six digits that the host shows: ');
    const typed = await typedDigits(io);
    if (typed === '') noDigits.abort();
    else if (typed === digits && !options.isSet('json')) io.err('Waiting for the host to approve.\n');
    return typed === digits;
  };
  const attempt = await joinAtPool(wanted.value, { claims: claims.value, clock: systemClock, isSame, signal: noDigits.signal });
  if (!attempt.ok) return fail(faultFailure(attempt.error, wanted.value.targets.at(-1), messageContextOf(io.env)));
  const { pin, outcome, target } = attempt.value;
  if (noDigits.signal.aborted) return fail(outcomeFailure({ code: 'no_digits' }));
  if (outcome.code !== 'joined') return fail(outcomeFailure(outcome));
  const { approval } = outcome;
  const pool = joinedPoolOf({ pin, approval, ...target });
  try {
    writeJoinedPool(settings.paths.stateDir, pool);
  } catch (error) {
    return fail({ exitCode: EXIT.failure, message: `join: the pool cannot be kept in the state folder (${reasonOfError(error)})` });
  }
  const joined = { event: 'joined', pool: pool.name, pin, member_id: approval.member_id };
  io.out(options.isSet('json') ? `${JSON.stringify(joined)}\n` : `Joined the pool ${printable(pool.name)}.\n`);
  return ok(pool);
}

/** Name and usable GPUs of this computer, for the person at the host. */
async function ownClaims(settings: Settings, io: CliIo, logger: Logger): Promise<Result<JoinClaims, CliFailure>> {
  const prober = openProber(settings, io, logger);
  if (!prober.ok) return fail(configFailure(prober.error));
  try {
    const { adapters } = await prober.value.inventory();
    const gpus = adapters.filter(({ verdict, available }) => verdict.accepted && available);
    return ok(toClaims(settings.config.agent.name ?? hostname(), gpus));
  } finally {
    prober.value.close();
  }
}

async function findPool(operand: string | null): Promise<Result<WantedPool, CliFailure>> {
  if (operand !== null && isAddress(operand)) {
    const target = parsePoolAddress(operand);
    if (!target.ok) return fail({ exitCode: EXIT.usage, message: `join: not an address (${target.error})` });
    const { host, port, pin } = target.value;
    return ok({ id: null, pin, targets: [{ host, port }] });
  }
  const pool = choosePool(await nearby(operand), operand);
  if (!pool.ok) return fail({ exitCode: EXIT.unreachable, message: `join: ${pool.error}` });
  const { id, addresses, port } = pool.value;
  return ok({ id, pin: null, targets: addresses.map((host) => ({ host, port })) });
}

async function nearby(operand: string | null) {
  let end: () => void = () => undefined;
  const found = new Promise<void>((resolve) => {
    end = resolve;
  });
  const timer = systemClock.setTimer(BROWSE_MS, end);
  const browser = browsePools(systemClock, (pools) => {
    if (isFound(pools, operand)) end();
  });
  await found;
  timer.cancel();
  const { pools } = browser;
  await browser.stop();
  return pools;
}

/** The digits in the first line of standard input. Empty: the input ended, or the line has no text. */
async function typedDigits(io: CliIo): Promise<string> {
  let text = '';
  for await (const chunk of io.in) {
    text += Buffer.from(chunk).toString('utf8');
    if (text.includes('\n') || text.length > 256) break;
  }
  return (text.split('\n', 1)[0] ?? '').replaceAll(/[\s-]/g, '');
}

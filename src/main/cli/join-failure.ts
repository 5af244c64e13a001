// Why `muster join` failed: what is the case and what the user can do.
import type { AppError } from '../../shared/api/app-api';
import { httpUrlOf, pinnedUrlOf, type PoolTarget } from '../../shared/api/join-link';
import type { JoinerOutcome } from '../joining/core/joiner-machine';
import type { ConnectFault, JoinFault, JoinTarget } from '../joining/join-client';
import { createConnectionTester } from '../scheduler-client/connection-test';
import type { MessageContext } from './core/message-context';
import { printable } from './core/text-table';
import { EXIT } from './exit-code';
import { causeIn, requestFailure } from './request-failure';
import type { CliFailure } from './settings';

/** Why an invitation is not accepted, by the reason of the scheduler. */
const INVITATION_ENDED: ReadonlyMap<unknown, string> = new Map([
  ['used_up', 'the invitation was used up'],
  ['expired', 'the invitation has expired'],
  ['revoked', 'the invitation was revoked'],
]);

/** Why an operand is a link that joins no pool. Null: it is no such link. */
export function linkFault(operand: string, { program }: MessageContext): string | null {
  const link = operand.trim();
  if (link.includes('#code=')) return `this is a link to the dashboard, not an invitation. Make a link on the host with: ${program} invite`;
  if (!/^(?:muster:|https:\/\/[^/]+\/join(?:#|$))/i.test(link) || /[#&]key=./.test(link)) return null;
  return `the link has no key. Put the whole link in quotes: ${program} join "LINK". To join by digits, give the address only`;
}

const notListening = (address: string): string => `nothing listens at ${address}; is the pool running, and is this its port?`;

/** A join that failed with the key of an invitation. Names the failing step of the connection test, when the pool gave no answer. */
export async function invitationFailure(error: AppError, target: PoolTarget, context: MessageContext): Promise<CliFailure> {
  const address = printable(httpUrlOf(target));
  const newLink = `Ask the owner for a new link: ${context.program} invite`;
  if (error.code === 'UNAUTHORIZED' || error.code === 'REVOKED') {
    const reason = INVITATION_ENDED.get(error.details?.['reason']) ?? 'the invitation is not known to the pool';
    return { exitCode: EXIT.refused, message: `join: ${reason}. ${newLink}` };
  }
  if (error.code === 'DISCONNECTED' && causeIn(error) === 'not_proven')
    return {
      exitCode: EXIT.refused,
      message: `join: the program at ${address} does not know the invitation. The key was not sent. ${newLink}`,
    };
  if (error.code === 'DISCONNECTED' && causeIn(error) === 'ECONNREFUSED')
    return { exitCode: EXIT.unreachable, message: `join: ${notListening(address)}` };
  const { message, exitCode } = requestFailure(error, httpUrlOf(target), context, '');
  if (error.code !== 'DISCONNECTED') return { message: `join: ${message}`, exitCode };
  const steps = await createConnectionTester()({ address: pinnedUrlOf(target) });
  const failed = steps.find(({ outcome }) => outcome === 'failed');
  const step = failed === undefined ? '' : `. The failing step is "${failed.step}": ${failed.code ?? ''}`;
  return { message: `join: ${message}${step}`, exitCode };
}

export function faultFailure(fault: JoinFault, target: JoinTarget | undefined, context: MessageContext): CliFailure {
  switch (fault.code) {
    case 'failed':
      return { exitCode: EXIT.unreachable, message: `join: ${connectFailure(fault, target, context)}` };
    case 'no_ca':
      return { exitCode: EXIT.refused, message: 'join: this pool has no CA of its own, so its host must send you an invitation' };
    case 'not_the_pool':
      return { exitCode: EXIT.refused, message: 'join: another program answers there, not the announced pool. Nothing was sent' };
  }
}

/** Names the failing step, as the connection test does. */
function connectFailure({ step, cause }: ConnectFault, target: JoinTarget | undefined, { program }: MessageContext): string {
  const { host, port } = target ?? { host: '', port: 0 };
  const address = `${printable(host)}:${String(port)}`;
  if (cause === 'ECONNREFUSED') return notListening(address);
  return step === 'port'
    ? `the port does not answer: no connection to ${address} (${cause}). A firewall may block it: run "${program} doctor --network" on both computers`
    : `the program at ${address} does not answer with TLS (${cause}), so it is no pool that is shared`;
}

/** `no_digits`: the input ended, or its line was empty, before the person typed digits. */
export type FailedOutcome = Exclude<JoinerOutcome, { readonly code: 'joined' }> | { readonly code: 'no_digits' };

export function outcomeFailure(outcome: FailedOutcome): CliFailure {
  switch (outcome.code) {
    case 'no_digits':
      return { exitCode: EXIT.refused, message: 'join: no digits were entered. Nothing was kept' };
    case 'different':
      return { exitCode: EXIT.refused, message: DIFFERENT };
    case 'denied':
      return { exitCode: EXIT.refused, message: 'join: the host denied the request' };
    case 'busy':
      return {
        exitCode: EXIT.refused,
        message: `join: the pool accepts no request now; try again in ${String(outcome.retryAfterSeconds)} s`,
      };
    case 'expired':
      return { exitCode: EXIT.timeout, message: 'join: no confirmation came within 2 minutes' };
    case 'closed':
    case 'broken':
      return { exitCode: EXIT.unreachable, message: 'join: the connection ended before both sides confirmed. Nothing was kept' };
  }
}

const DIFFERENT =
  'join: the digits differ, so another computer may be between this one and the pool. Nothing was kept. Ask the host to deny the request';

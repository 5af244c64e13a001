// `muster pending`, `muster approve ID` and `muster deny ID`: computers that ask to join the pool by digits.
import type { Outcome } from '../../shared/api/app-api';
import { approveJoinBodySchema, joinRequestListSchema, type JoinRequestView } from '../../shared/api/join-requests';
import { ok } from '../../shared/result';
import type { TrustPort } from '../contracts/ports';
import type { Command, Invocation } from './command';
import { CLIENT_OPTIONS } from './common-options';
import { ageText, printable, textTable } from './core/text-table';
import { parseBody } from './credential-body';
import { EXIT } from './exit-code';
import { withScheduler } from './with-scheduler';

export const pendingCommand: Command = {
  name: 'pending',
  summary: 'List the computers that ask to join the pool, with their six digits.',
  operands: [],
  options: CLIENT_OPTIONS,
  run: (invocation) =>
    withScheduler(invocation, async ({ client }) => {
      const answer = await client.ask({ method: 'GET', path: '/api/v1/join-requests' }, joinRequestListSchema);
      if (!answer.ok) return answer;
      const { io, options } = invocation;
      io.out(options.isSet('json') ? `${JSON.stringify(answer.value, null, 2)}\n` : pendingText(answer.value.join_requests, Date.now()));
      return ok(EXIT.ok);
    }),
};

export const approveCommand: Command = {
  name: 'approve',
  summary: 'Approve a computer that shows the same six digits as this pool. Compare them first: muster pending.',
  operands: ['ID'],
  options: {
    role: { value: 'ROLE', doc: 'A role of the computer: node (default) or client. Can be repeated.', multiple: true },
    ...CLIENT_OPTIONS,
  },
  run: async (invocation) => {
    const roles = invocation.options.texts('role');
    const body = parseBody(approveJoinBodySchema, roles.length === 0 ? {} : { roles: [...new Set(roles)] });
    if (!body.ok) {
      invocation.io.err(`muster: approve: ${body.error}\n`);
      return EXIT.usage;
    }
    return decide(
      invocation,
      'approved',
      (trust, id) => trust.approveJoin(id, body.value.roles),
      ({ confirmed }) => (confirmed ? 'approved' : 'approved; the computer joins when its person confirms the digits'),
    );
  },
};

export const denyCommand: Command = {
  name: 'deny',
  summary: 'Deny the request of a computer to join the pool.',
  operands: ['ID'],
  options: CLIENT_OPTIONS,
  run: (invocation) =>
    decide(
      invocation,
      'denied',
      (trust, id) => trust.denyJoin(id),
      () => 'denied',
    ),
};

function decide<Answer>(
  invocation: Invocation,
  done: 'approved' | 'denied',
  act: (trust: TrustPort, id: string) => Promise<Outcome<Answer>>,
  textOf: (answer: Answer) => string,
): Promise<number> {
  const { io, options, operands } = invocation;
  const id = operands[0] ?? '';
  return withScheduler(invocation, async ({ trust }) => {
    const answer = await act(trust, id);
    if (!answer.ok) return answer;
    io.out(options.isSet('json') ? `${JSON.stringify({ request_id: id, done })}\n` : `${printable(id)}: ${textOf(answer.value)}\n`);
    return ok(EXIT.ok);
  });
}

function pendingText(requests: readonly JoinRequestView[], nowWallMs: number): string {
  if (requests.length === 0) return 'No computer asks to join.\n';
  const rows = requests.map(({ id, digits, name, looks_like: looksLike, gpus, address, requested_at: requestedAt, ...people }) => [
    id,
    `${digits.slice(0, 3)} ${digits.slice(3)}`,
    looksLike === null ? name : `${name} (looks like the node ${looksLike})`,
    gpus.map((gpu) => gpu.name).join(', ') || '-',
    address,
    ageText(nowWallMs - requestedAt),
    people.confirmed ? 'yes' : 'not yet',
  ]);
  return textTable(['ID', 'DIGITS', 'NAME (CLAIMED)', 'GPUS (CLAIMED)', 'ADDRESS', 'AGE', 'CONFIRMED THERE'], rows);
}

// One attempt to join a pool by digits: at the first of its addresses that accepts a connection. `muster join` and the app use it.
import { fail, ok, type Result } from '../../shared/result';
import { type JoinClientOptions, joinByDigits, type JoinEnd, type JoinFault, type JoinTarget } from './join-client';
import { poolIdOf } from './pool-id';

/** A pool to join. `id` and `pin` null: only the address is known. */
export interface WantedPool {
  readonly id: string | null;
  readonly pin: string | null;
  readonly targets: readonly JoinTarget[];
}

export type Attempt = JoinEnd & { readonly target: JoinTarget };

export interface AttemptOptions extends Pick<JoinClientOptions, 'claims' | 'clock'> {
  readonly isSame: (digits: string, target: JoinTarget, signal: AbortSignal) => Promise<boolean>;
  /** Called before each address. */
  readonly onTarget?: (target: JoinTarget) => void;
  readonly signal?: AbortSignal;
}

export async function joinAtPool({ id, pin, targets }: WantedPool, options: AttemptOptions): Promise<Result<Attempt, JoinFault>> {
  const isExpected = (found: string): boolean => (pin === null || found === pin) && (id === null || poolIdOf(found) === id);
  let last: Result<Attempt, JoinFault> = fail({ code: 'failed', step: 'port', cause: 'no address' });
  for (const target of targets) {
    options.onTarget?.(target);
    const { claims, clock, signal } = options;
    const end = await joinByDigits(target, {
      claims,
      clock,
      isExpected,
      isSame: (digits, ended) => options.isSame(digits, target, ended),
      ...(signal === undefined ? {} : { signal }),
    });
    last = end.ok ? ok({ ...end.value, target }) : end;
    if (end.ok || end.error.code !== 'failed' || signal?.aborted === true) return last;
  }
  return last;
}

// Outcomes of services as results of operations. A missing service is NOT_AVAILABLE_HERE.
import type { Outcome } from '../../shared/api/app-api';
import { ok } from '../../shared/result';
import { notAvailableHere } from '../contracts/app-errors';
import type { Done } from '../contracts/ports';

/** The result of an operation without a value, as it travels. */
export const EMPTY: Outcome<Record<string, never>> = ok({});

/** Undefined: the service is missing in this program. */
export const emptied = (done: Done | undefined): Outcome<Record<string, never>> => mapped(done, () => ({}));

/** The answer of the service in the form of the operation. Undefined: the service is missing in this program. */
export function mapped<From, To>(outcome: Outcome<From> | undefined, map: (value: From) => To): Outcome<To> {
  if (outcome === undefined) return notAvailableHere();
  return outcome.ok ? ok(map(outcome.value)) : outcome;
}

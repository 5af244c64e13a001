// Which of the found pools an operand of `muster join` names.
import { fail, ok, type Result } from '../../../shared/result';
import { printable, textTable } from './text-table';

interface Nearby {
  readonly id: string;
  readonly name: string;
  readonly port: number;
  readonly addresses: readonly string[];
}

/** An address has a dot, a colon or a scheme. Anything else is a name or an id. */
export const isAddress = (operand: string): boolean => /[.:]/.test(operand);

const isNamed = ({ id, name }: Nearby, operand: string): boolean => id === operand || name.toLowerCase() === operand.toLowerCase();

/** On failure, a text with the pools that were found. `operand` null: the only pool. */
export function choosePool<Pool extends Nearby>(pools: readonly Pool[], operand: string | null): Result<Pool, string> {
  const matches = operand === null ? pools : pools.filter((pool) => isNamed(pool, operand));
  const [only, ...others] = matches;
  if (only !== undefined && others.length === 0) return ok(only);
  if (matches.length > 1) return fail(`several pools were found; give the ID or the address of one:\n${listText(matches)}`);
  const listed = pools.length === 0 ? '' : `. Found:\n${listText(pools)}`;
  return fail(`no pool ${operand === null ? '' : `"${printable(operand)}" `}was found in this network${listed}`);
}

/** Whether the search can end early. Several pools can have one name, so only an id ends the search. */
export const isFound = (pools: readonly Nearby[], operand: string | null): boolean => pools.some(({ id }) => id === operand);

const listText = (pools: readonly Nearby[]): string =>
  textTable(
    ['ID', 'NAME', 'ADDRESS'],
    pools.map(({ id, name, addresses, port }) => [id, name, `${addresses[0] ?? ''}:${String(port)}`]),
  ).trimEnd();

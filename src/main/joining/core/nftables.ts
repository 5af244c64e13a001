// Whether the rules of nftables let a new connection in, from `nft -j list ruleset`. Only rules that say so for certain count: a rule
// with a condition that is not known here may match or not.
import { isRecord, parseJson } from '../../../shared/json';

export type Verdict = 'open' | 'blocks' | 'unknown';

export interface Packet {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
}

/** A chain that filters incoming packets. */
export interface InputChain {
  readonly family: string;
  readonly table: string;
  readonly name: string;
  readonly isDropping: boolean;
  /** The expressions of each rule. */
  readonly rules: readonly (readonly unknown[])[];
}

const FAMILIES: readonly unknown[] = ['ip', 'inet'];

/** Null: not an answer of nft, such as a refusal. */
export function inputChains(output: string): readonly InputChain[] | null {
  const parsed = parseJson(output);
  if (!isRecord(parsed) || !Array.isArray(parsed['nftables'])) return null;
  const items = parsed['nftables'].filter(isRecord);
  const rules = items.map(({ rule }) => rule).filter(isRecord);
  return items
    .map(({ chain }) => chain)
    .filter(isRecord)
    .filter(({ hook, type, family }) => hook === 'input' && type === 'filter' && FAMILIES.includes(family))
    .map(({ family, table, name, policy }) => ({
      family: String(family),
      table: String(table),
      name: String(name),
      isDropping: policy === 'drop',
      rules: rules
        .filter((rule) => rule['family'] === family && rule['table'] === table && rule['chain'] === name)
        .map(({ expr }) => (Array.isArray(expr) ? (expr as unknown[]) : [])),
    }));
}

/** The verdict of a chain on the first packet of a connection from another computer. */
export function verdictOf({ rules, isDropping }: InputChain, packet: Packet): Verdict {
  let [mayAccept, mayDrop] = [false, false];
  for (const rule of rules) {
    const effect = effectOf(rule);
    const matches = matchesAll(rule, packet);
    if (effect === null || matches === false) continue;
    if (matches === null || effect === 'jump') {
      mayAccept ||= effect !== 'drop';
      mayDrop ||= effect !== 'accept';
    } else if (effect === 'accept') return mayDrop ? 'unknown' : 'open';
    else return mayAccept ? 'unknown' : 'blocks';
  }
  if (isDropping) return mayAccept ? 'unknown' : 'blocks';
  return mayDrop ? 'unknown' : 'open';
}

/** Null: the rule decides nothing, such as a counter. */
function effectOf(rule: readonly unknown[]): 'accept' | 'drop' | 'jump' | null {
  const names = rule.filter(isRecord).flatMap((expression) => Object.keys(expression));
  if (names.includes('drop') || names.includes('reject')) return 'drop';
  if (names.includes('accept')) return 'accept';
  return names.some((name) => ['jump', 'goto', 'vmap', 'queue', 'xt'].includes(name)) ? 'jump' : null;
}

/** Null: not known. */
function matchesAll(rule: readonly unknown[], packet: Packet): boolean | null {
  const results = rule.filter(isRecord).flatMap((expression) => {
    if (isRecord(expression['match'])) return [matches(expression['match'], packet)];
    return 'xt' in expression || 'limit' in expression ? [null] : [];
  });
  if (results.includes(false)) return false;
  return results.includes(null) ? null : true;
}

function matches({ op, left, right }: Record<string, unknown>, { protocol, port }: Packet): boolean | null {
  const positive = isRecord(left) ? matchesLeft(left, right, protocol, port) : null;
  if (positive === null) return null;
  if (op === '==' || op === 'in') return positive;
  return op === '!=' ? !positive : null;
}

function matchesLeft(left: Record<string, unknown>, right: unknown, protocol: string, port: number): boolean | null {
  const { payload, meta, ct } = left;
  if (isRecord(payload) && payload['field'] === 'dport')
    return payload['protocol'] === protocol || payload['protocol'] === 'th' ? includes(right, port) : false;
  if (isRecord(meta) && meta['key'] === 'l4proto') return includes(right, protocol);
  if (isRecord(meta) && (meta['key'] === 'iifname' || meta['key'] === 'iif')) return right === 'lo' ? false : null;
  if (isRecord(ct) && ct['key'] === 'state') return includes(right, 'new');
  return null;
}

/** Null: a form that is not known. */
function includes(right: unknown, value: string | number): boolean | null {
  if (typeof right === 'string' && right.startsWith('@')) return null;
  if (typeof right === 'string' || typeof right === 'number') return right === value;
  if (Array.isArray(right)) return anyOf(right.map((each) => includes(each, value)));
  if (!isRecord(right)) return null;
  if (Array.isArray(right['set'])) return includes(right['set'], value);
  const range: unknown = right['range'];
  if (!Array.isArray(range) || typeof value !== 'number') return null;
  return Number(range[0]) <= value && value <= Number(range[1]);
}

const anyOf = (results: readonly (boolean | null)[]): boolean | null =>
  results.includes(true) ? true : results.includes(null) ? null : false;

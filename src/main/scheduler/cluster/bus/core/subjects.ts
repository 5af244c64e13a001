// Subjects of the bus: tokens with dots between. In a pattern `*` stands for one token, and a last `>` for one or more.

const SUBJECT = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*$/;
const PATTERN = /^(?:(?:[A-Za-z0-9_-]+|\*)(?:\.(?:[A-Za-z0-9_-]+|\*))*(?:\.>)?|>)$/;
const TOKEN = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_LENGTH = 200;

export const isToken = (text: string): boolean => TOKEN.test(text);
export const isSubject = (text: string): boolean => text.length <= MAX_LENGTH && SUBJECT.test(text);
export const isPattern = (text: string): boolean => text.length <= MAX_LENGTH && PATTERN.test(text);

/** The start of all subjects of a pool. Pools can share a NATS server. */
export function prefixOf(poolId: string): string {
  if (!isToken(poolId)) throw new RangeError(`no token of a subject: ${poolId}`);
  return `muster.${poolId}.`;
}

export function isMatch(pattern: string, subject: string): boolean {
  if (pattern === subject) return true;
  const wanted = pattern.split('.');
  const tokens = subject.split('.');
  const hasTail = wanted.at(-1) === '>';
  if (hasTail ? tokens.length < wanted.length : tokens.length !== wanted.length) return false;
  const fixed = hasTail ? wanted.slice(0, -1) : wanted;
  return fixed.every((token, index) => token === '*' || token === tokens[index]);
}

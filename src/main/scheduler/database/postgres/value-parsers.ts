// Values of PostgreSQL as the port to the database has them: integers and booleans are numbers, bytes are Uint8Array.

/** The numbers of the types in the catalogue of PostgreSQL. */
const BOOL = 16;
const BYTEA = 17;
/** int8, int2, int4, oid, float4, float8, numeric. A sum of int8 is numeric. */
const NUMBERS: ReadonlySet<number> = new Set([20, 21, 23, 26, 700, 701, 1700]);

type Parser = (text: string) => unknown;

const parseBool: Parser = (text) => (text === 't' ? 1 : 0);
const parseBytes: Parser = (text) => new Uint8Array(Buffer.from(text.slice(2), 'hex'));
const parseText: Parser = (text) => text;

/** Of one connection, so other users of the driver in this process keep their own. */
export function parserOf(type: number): Parser {
  if (type === BOOL) return parseBool;
  if (type === BYTEA) return parseBytes;
  return NUMBERS.has(type) ? Number : parseText;
}

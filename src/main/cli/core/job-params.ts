// The parameters of a command from `--param NAME=VALUE` options. The model folder checks which parameters exist. Pure.
import { fail, ok, type Result } from '../../../shared/result';

export type JobParams = Readonly<Record<string, string | number | boolean>>;

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** Numbers, `true` and `false` become numbers and booleans, anything else text. On failure, the error text. */
export function parseJobParams(given: readonly string[]): Result<JobParams, string> {
  const params = new Map<string, string | number | boolean>();
  for (const param of given) {
    const at = param.indexOf('=');
    if (at < 1) return fail(`--param: expected NAME=VALUE, not "${param}"`);
    const name = param.slice(0, at);
    if (params.has(name)) return fail(`--param: ${name} is given twice`);
    params.set(name, parseValue(param.slice(at + 1)));
  }
  return ok(Object.fromEntries(params));
}

function parseValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return NUMBER.test(text) ? Number(text) : text;
}

// The parameters of a command as `--param NAME=VALUE`, each on its own. What a command takes is its model folder's to say. Pure.
import { fail, ok, type Result } from '../../../shared/result';

export type JobParams = Readonly<Record<string, string | number | boolean>>;

const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/** Numbers, `true` and `false` as such, anything else as text; or what is wrong. */
export function jobParams(given: readonly string[]): Result<JobParams, string> {
  const params = new Map<string, string | number | boolean>();
  for (const word of given) {
    const at = word.indexOf('=');
    if (at < 1) return fail(`--param: expected NAME=VALUE, not "${word}"`);
    const name = word.slice(0, at);
    if (params.has(name)) return fail(`--param: ${name} is given twice`);
    params.set(name, valueOf(word.slice(at + 1)));
  }
  return ok(Object.fromEntries(params));
}

function valueOf(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return NUMBER.test(text) ? Number(text) : text;
}

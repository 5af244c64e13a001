// The arguments of `npm run bench`. Vitest does not know those of the routing benchmark, so that they become environment variables.
import { resolve } from 'node:path';

/** @typedef {{ readonly args: readonly string[], readonly env: Readonly<Record<string, string>> }} BenchCommand */

/** @type {Readonly<Record<string, string>>} */
const WITH_VALUE = { '--trace': 'MUSTER_BENCH_TRACE', '--rate': 'MUSTER_BENCH_RATE' };
/** @type {Readonly<Record<string, string>>} */
const SWITCHES = { '--bursts': 'MUSTER_BENCH_BURSTS', '--real': 'MUSTER_BENCH_REAL' };

/**
 * @param {readonly string[]} args
 * @param {string} folder the folder of relative paths
 * @returns {BenchCommand | { readonly error: string }}
 */
export function benchCommandOf(args, folder) {
  /** @type {string[]} */
  const rest = [];
  /** @type {Record<string, string>} */
  const env = {};
  for (let i = 0; i < args.length; i++) {
    const [name = '', ...parts] = (args[i] ?? '').split('=');
    const variable = WITH_VALUE[name];
    const switched = SWITCHES[name];
    if (switched !== undefined) env[switched] = '1';
    else if (variable === undefined) rest.push(args[i] ?? '');
    else {
      const value = parts.length > 0 ? parts.join('=') : args[++i];
      if (value === undefined || value === '') return { error: `${name} needs a value` };
      if (name === '--rate' && !(Number(value) > 0)) return { error: '--rate needs a number of requests per minute' };
      env[variable] = name === '--trace' ? resolve(folder, value) : value;
    }
  }
  return { args: rest, env };
}

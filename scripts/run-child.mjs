// Starts a program in our place: its exit code becomes ours, and a signal sent to us reaches it exactly once.
// Set-up steps (install, build) run with their output on stderr.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { SetupError } from './paths.mjs';

const windows = process.platform === 'win32';

/** The terminal signals our whole process group and npm forwards the same signal again: two within this time are one. */
const oneSignalDefaultMs = 200;

/**
 * Runs a program with our stdin, stdout and stderr and waits for its end.
 * On POSIX it gets its own process group: only we forward signals to it, so Ctrl-C, which the terminal and npm both send, counts once.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, oneSignalMs?: number }} [options]
 * @returns {Promise<number>} the exit code; 128 + n for a program ended by signal n
 */
export function runInOurPlace(command, args, { oneSignalMs = oneSignalDefaultMs, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', detached: !windows, ...options });
    /** @type {Map<string, number>} */
    const lastAt = new Map();
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => {
        if (windows) return; // The console has already sent the event to the child.
        const now = performance.now();
        if (now - (lastAt.get(signal) ?? -Infinity) < oneSignalMs) return;
        lastAt.set(signal, now);
        child.kill(signal);
      });
    }
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/**
 * Runs one step of the set-up; what it prints goes to stderr.
 * @param {string} what named in the error, e.g. `npm ci`
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, timeoutMs?: number }} [options]
 * @returns {Promise<void>} rejects with a SetupError when the step fails or outlasts `timeoutMs`
 */
export function runStep(what, command, args, { timeoutMs, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 2, 2], ...(timeoutMs ? { timeout: timeoutMs } : {}), ...options });
    child.on('error', (error) => reject(new SetupError(`${what} could not be started: ${error.message}`)));
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new SetupError(`${what} failed (${signal ?? `exit code ${code}`}).`));
    });
  });
}

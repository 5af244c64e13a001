// Runs a program in place of this process: this process exits with the program's exit code, and forwards each signal exactly once.
// Also runs set-up steps (install, build), with their output on stderr.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { SetupError } from './paths.mjs';

const windows = process.platform === 'win32';

/** The terminal signals the whole process group, and npm forwards the same signal again. Two within this time count as one. */
const oneSignalDefaultMs = 200;

/**
 * Runs a program with the stdin, stdout and stderr of this process, and waits for its end. On POSIX the program gets its own process
 * group, so only this process sends signals to it. Ctrl-C, which the terminal and npm both send, then counts once.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, oneSignalMs?: number }} [options]
 * @returns {Promise<number>} the exit code; 128 + n for a program ended by signal n
 */
export function runInPlace(command, args, { oneSignalMs = oneSignalDefaultMs, ...options } = {}) {
  return new Promise((resolve, reject) => {
    /** @type {Map<string, number>} */
    const lastAt = new Map();
    // Before the program starts: a signal at once after its first output must not end this process without it.
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => {
        if (windows) return; // The console has sent the signal to the child already.
        const now = performance.now();
        if (now - (lastAt.get(signal) ?? -Infinity) < oneSignalMs) return;
        lastAt.set(signal, now);
        child.kill(signal);
      });
    }
    const child = spawn(command, args, { stdio: 'inherit', detached: !windows, ...options });
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}

/**
 * Runs one step of the set-up. The output of the step goes to stderr.
 * @param {string} title names the step in the error, e.g. `npm ci`
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv, cwd?: string, timeoutMs?: number }} [options]
 * @returns {Promise<void>} rejects with a SetupError when the step fails or outlasts `timeoutMs`
 */
export function runStep(title, command, args, { timeoutMs, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 2, 2], ...(timeoutMs ? { timeout: timeoutMs } : {}), ...options });
    child.on('error', (error) => reject(new SetupError(`${title} could not be started: ${error.message}`)));
    child.on('exit', (code, signal) => {
      if (code === 0) resolve();
      else reject(new SetupError(`${title} failed (${signal ?? `exit code ${code}`}).`));
    });
  });
}

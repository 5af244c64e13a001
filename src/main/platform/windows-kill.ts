// Ends a process of Windows with its children: Windows has no groups of processes as signals know them.
import { spawn } from 'node:child_process';

/** The program and its arguments, as Microsoft documents them: /T with the children, /F without asking them. */
export const killCommand = (pid: number): readonly [program: string, args: readonly string[]] => [
  'taskkill',
  ['/T', '/F', '/PID', String(pid)],
];

/** Does not wait. A process that has ended already is no failure. */
export function killWindowsTree(pid: number): void {
  const [program, args] = killCommand(pid);
  spawn(program, args, { stdio: 'ignore', windowsHide: true }).on('error', () => undefined);
}

// Finds npm.

/**
 * The command that starts npm: the running Node with npm's script when npm started this process, else the npm in PATH.
 * @returns {{ command: string, args: string[] }}
 */
export function npm() {
  const script = process.env['npm_execpath'];
  if (script && /npm-cli\.[cm]?js$/.test(script)) return { command: process.execPath, args: [script] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

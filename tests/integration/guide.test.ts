// Every command of docs/guide runs as the guide has it, in a shell, against one `muster pool` and one computer that joins it.
// Both languages have the same commands (tests/architecture/guide.test.ts).
import { execFile } from 'node:child_process';
import { chmodSync, copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { projectRoot } from '../../scripts/paths.mjs';
import { GUIDE_PAGES, guideBlocks } from '../support/guide';
import { MusterLab, type MusterProcess, QUICK_AGENT } from '../support/muster-process';
import { type ReservedPort, reservePort } from '../support/reserved-port';
import { CHAT_TOKENS } from '../support/stand-ins/openai-answers';
import type { StandIn } from '../support/stand-ins/stand-in';
import { openVllm, VLLM_MODELS } from '../support/stand-ins/vllm';
import { until } from '../support/until';

/** The commands that no test can run, and why. */
const NOT_RUN: Readonly<Record<string, string>> = {
  'npm start': 'opens a window; tests/desktop starts the app',
};
/** Commands whose exit code depends on the machine, beside 0. 1: multicast is blocked. */
const OTHER_EXIT: Readonly<Record<string, number>> = { 'muster doctor --network': 1 };
const MODEL = VLLM_MODELS.data[0]?.id ?? '';
const HOST = 'anna-desktop';
const COMMAND_LIMIT_MS = 20_000;
const DAEMON = /^muster (?:pool|join)\b/;

interface Step {
  readonly computer: 'host' | 'guest';
  readonly commands: readonly string[];
  /** The output in the guide. */
  readonly shown: string;
}

const blocks = GUIDE_PAGES.flatMap((page) => guideBlocks('en', page));
const steps: Step[] = blocks.flatMap(({ page, kind, text }, index) => {
  if (kind !== 'sh') return [];
  const next = blocks[index + 1];
  const shown = next?.kind === 'text' && next.page === page ? next.text : '';
  return [{ computer: page === 'contributor' ? 'guest' : 'host', commands: text.replaceAll(/\\\n */g, '').split('\n'), shown }];
});
/** The member that is revoked must have joined. */
const isLast = ({ commands }: Step): boolean => commands.some((command) => command.startsWith('muster revoke'));
/** Checks change nothing and wait for seconds, so they run beside the other commands. */
const isCheck = ({ commands }: Step): boolean => commands.every((command) => /^muster (?:doctor|diagnostics)\b/.test(command));

const lab = new MusterLab();
const folderOf = (computer: string): string => path.join(lab.folder, computer);
let port: ReservedPort;
let server: StandIn;
let pool: MusterProcess;
const checks = new Map<Step, Promise<readonly string[]>>();
/** The latest value of each placeholder, found in the output of the commands. */
const values = new Map([['MODEL', MODEL]]);
const FOUND: readonly (readonly [string, RegExp])[] = [
  ['LINK', /^(muster:\/\/\S+)/m],
  ['NODE', new RegExp(`\\b(node-\\w+) +${HOST}\\b`)],
  ['JOB', /\b(job-[\w-]+)/],
  ['MUSTER_KEY', /^MUSTER_KEY=(mk_\S+)$/m],
];

/** A computer with a home of its own. Its commands run there. */
const environmentOf = (computer: string): Record<string, string> => ({
  HOME: folderOf(computer),
  XDG_CONFIG_HOME: path.join(folderOf(computer), 'config'),
  XDG_DATA_HOME: path.join(folderOf(computer), 'data'),
  XDG_STATE_HOME: path.join(folderOf(computer), 'state'),
  PATH: [path.join(lab.folder, 'bin'), process.env['PATH'] ?? ''].join(path.delimiter),
  MUSTER_KEY: values.get('MUSTER_KEY') ?? '',
  MUSTER_SERVER_PORT: String(port.port),
  MUSTER_SERVER_ANNOUNCE: 'false',
  MUSTER_RUNTIMES_LOOK_FOR_LOCAL: 'false',
  MUSTER_AGENT_NAME: computer === 'host' ? HOST : 'ben-tower',
  MUSTER_AGENT_SIMULATE_GPU: 'RTX 4090:24',
  MUSTER_SCHEDULER_LOAD_BALANCER_RESOURCE_THRESHOLD: '100',
  MUSTER_SCHEDULER_NODE_HEALTH_HEARTBEAT_INTERVAL_SECONDS: '0.5',
  MUSTER_SCHEDULER_NODE_HEALTH_HEARTBEAT_TIMEOUT_SECONDS: '15',
});

/** The text of the guide with the port and the values of this pool. */
const filled = (text: string): string =>
  text
    .replaceAll(':7080', `:${String(port.port)}`)
    .replaceAll('https://HOST', 'https://127.0.0.1')
    .replaceAll(/\b(?:LINK|NODE|JOB|MODEL)\b/g, (name) => {
      const value = values.get(name);
      if (value === undefined) throw new Error(`no output had a ${name} before: ${text}`);
      return value.replace(/^muster:\/\/[^/]+/, `muster://127.0.0.1:${String(port.port)}`);
    });

function keepValues(output: string): void {
  for (const [name, pattern] of FOUND) {
    const [, value] = pattern.exec(output) ?? [];
    if (value !== undefined) values.set(name, value);
  }
}

const run = (computer: string, command: string): Promise<string> =>
  new Promise((ended, failed) => {
    const options = { cwd: folderOf(computer), env: environmentOf(computer), timeout: COMMAND_LIMIT_MS };
    // A variable that the command exports is printed, and the next commands have it.
    const script = command.startsWith('export ') ? `set -e; ${command}; printenv | grep ^MUSTER_KEY=` : command;
    const child = execFile('bash', ['-c', script], options, (error, stdout, stderr) => {
      if (error === null || child.exitCode === OTHER_EXIT[command]) ended(stdout + stderr);
      else failed(new Error(`${error.message}\n${stdout}${stderr}`));
    });
  });

/** In the guide `…` is any text, and a space any number of spaces. */
const patternOf = (line: string): RegExp =>
  new RegExp(
    line
      .split('…')
      .map((part) =>
        part
          .trim()
          .replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')
          .replaceAll(/ +/g, ' +'),
      )
      .join('.*'),
  );
/** The placeholders of an output stay as they are, except the name of the model. */
const linesOf = (shown: string): string[] =>
  shown === ''
    ? []
    : shown
        .replaceAll('MODEL', MODEL)
        .replaceAll(':7080', `:${String(port.port)}`)
        .split('\n');

beforeAll(async () => {
  port = await reservePort();
  server = await openVllm();
  for (const folder of ['bin', 'host', 'guest']) mkdirSync(folderOf(folder));
  const muster = path.join(lab.folder, 'bin', 'muster');
  writeFileSync(muster, `#!/bin/sh\nexec "${process.execPath}" "${path.join(projectRoot, 'out', 'main', 'cli.js')}" "$@"\n`);
  chmodSync(muster, 0o755);
});
afterAll(async () => {
  await lab.close();
  await server.close();
  port.release();
});

test('guide: commands that no test runs -> listed with the reason', () => {
  const marked = blocks.filter(({ kind }) => kind.startsWith('sh ')).map(({ kind, text }) => [kind, text]);
  expect(marked).toEqual(Object.keys(NOT_RUN).map((command) => ['sh not-tested', command]));
});

/** Runs the commands one after the other, and a daemon until it is ready. Returns their output. */
async function runStep({ computer, commands, shown }: Step): Promise<string> {
  let output = '';
  for (const command of commands) {
    const after = computer === 'host' && command.startsWith('muster resume') ? pool.lines.length : null;
    output += DAEMON.test(command) ? await startUntil(computer, filled(command), shown) : await run(computer, filled(command));
    keepValues(output);
    // The next command finds the node ready again.
    if (after !== null) await pool.line('node_availability_changed', { to: 'available' }, after);
  }
  return output;
}

/** Starts a daemon of the guide. It keeps running. Returns the output until its node is ready. */
async function startUntil(computer: Step['computer'], command: string, shown: string): Promise<string> {
  const [, ...argv] = command.replaceAll('"', '').split(' ');
  const daemon = lab.start(argv, { ...environmentOf(computer), ...QUICK_AGENT, MUSTER_RUNTIMES_URLS: server.url.origin });
  await daemon.line('node_status_received', { status: 'ready' });
  await until('the output of the guide', () => Promise.resolve(linesOf(shown).every((line) => patternOf(line).test(daemon.output))));
  if (computer === 'guest') return daemon.output;
  pool = daemon;
  copyFileSync(path.join(folderOf('host'), 'data', 'muster', 'ca.pem'), path.join(folderOf('host'), 'ca.pem'));
  for (const step of steps.filter(isCheck)) {
    const running = Promise.all(step.commands.map((check) => run(step.computer, check)));
    // Its test reports a failure.
    running.catch(() => undefined);
    checks.set(step, running);
  }
  return daemon.output;
}

const ordered = [...steps.filter((step) => !isLast(step) && !isCheck(step)), ...steps.filter(isCheck), ...steps.filter(isLast)];

test.each(ordered.map((step) => ({ step, title: `${step.computer}: ${step.commands.join('; ')}` })))(
  'guide: $title -> runs as shown',
  async ({ step }) => {
    const output = (await checks.get(step))?.join('\n') ?? (await runStep(step));
    for (const line of linesOf(step.shown)) expect(output).toMatch(patternOf(line));
  },
);

test('guide: program in JavaScript -> the answer', async () => {
  const [program] = blocks.filter(({ kind }) => kind === 'js');
  // The package openai is found from a folder of the project.
  const folder = path.join(projectRoot, 'artifacts');
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `guide-${String(process.pid)}.mjs`);
  writeFileSync(file, filled(program?.text ?? ''));
  try {
    expect(await run('host', `"${process.execPath}" "${file}"`)).toBe(CHAT_TOKENS.join(''));
  } finally {
    rmSync(file);
  }
});

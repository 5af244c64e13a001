// Runs a job on the command of a model folder: validates input and parameters, runs the program with a private temporary folder, and
// reads its output. The program is the owner's choice in the manifest; a job only supplies the input and the declared parameters.
import { mkdir, mkdtemp, open, realpath, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { codeOfError } from '../../../shared/errors';
import type { CommandTask, Content } from '../../../shared/protocol/tasks';
import type { Clock } from '../../platform/clock';
import type { Logger } from '../../platform/logger';
import type { RunContext } from '../runtime';
import { failed, type RunOutcome } from '../core/runtime-outcome';
import { type CommandSpec, fillIn } from '../core/command/command-spec';
import { accepts, contentTypeOf, isText } from '../core/command/content-types';
import { findProgram } from './find-program';
import { endLeftovers } from './leftovers';
import { paramValues } from '../core/command/params';
import { identityOf, readOutput } from './read-output';
import { type ProgramEnd, type ProgramRun, runProgram } from './run-program';
import { outcomeOf } from '../core/command/command-outcome';

export interface CommandModel {
  readonly command: CommandSpec;
  /** The real path of the model's folder. The program runs in it. */
  readonly realFolder: string;
}

export interface CommandEnvironment {
  /** Contains one private folder per running job. */
  readonly workDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly maxOutputBytes: number;
}

/** Never rejects: failures are in the outcome. */
export async function runCommand(
  model: CommandModel,
  task: CommandTask,
  context: RunContext,
  environment: CommandEnvironment,
): Promise<RunOutcome> {
  const { command } = model;
  const contentType = contentTypeOf(task.input);
  if (!accepts(command.content_types, contentType)) {
    const details = { content_type: contentType, accepted: command.content_types };
    return failed('unsupported_content_type', 'the model does not accept this type of input', false, details);
  }
  const params = paramValues(command.params, task.params);
  if (!params.ok) return failed('bad_request', 'a parameter is refused', false, { ...params.error });
  const program = await findProgram(command.argv[0], model.realFolder);
  if (program === null) return failed('program_missing', 'the program of the model is missing', true, { program: command.argv[0] });
  let folder: string | null = null;
  try {
    await mkdir(environment.workDir, { recursive: true, mode: 0o700 });
    // The real path: it is compared with the open files of programs.
    folder = await realpath(await mkdtemp(path.join(environment.workDir, 'job-')));
    return await runIn(folder, program, params.value, { model, task, context, environment: environment });
  } catch (error) {
    const reason = codeOfError(error) ?? 'unknown';
    return failed('work_folder_failed', 'the files of the job could not be written or read', true, { reason });
  } finally {
    // Files that cannot be removed now are removed at the next start.
    if (folder !== null) await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

interface Work {
  readonly model: CommandModel;
  readonly task: CommandTask;
  readonly context: RunContext;
  readonly environment: CommandEnvironment;
}

async function runIn(
  folder: string,
  program: string,
  params: ReadonlyMap<string, string>,
  { model, task, context, environment }: Work,
): Promise<RunOutcome> {
  const { argv, input, output, timeout_seconds } = model.command;
  const inputFile = path.join(folder, 'input');
  const outputFile = path.join(folder, 'output');
  const values = new Map([
    ['input', inputFile],
    ['output', outputFile],
    ...[...params].map(([name, value]) => [`param.${name}`, value] as const),
  ]);
  await writeFile(inputFile, bytesOf(task.input), { mode: 0o600 });
  const identity = await identityOf(folder);
  const timeoutMs = Math.min(context.timeoutMs, (timeout_seconds ?? Infinity) * 1000);
  const ended = await runInFolder(
    folder,
    input.as === 'stdin' ? inputFile : null,
    { context, environment, timeoutMs },
    {
      program,
      args: argv.slice(1).map((argument) => fillIn(argument, values)),
      cwd: model.realFolder,
      env: minimalEnv(folder),
    },
  );
  const failure = outcomeOf(ended, { cancelled: context.signal.aborted, timeoutMs, maxOutputBytes: environment.maxOutputBytes });
  if (failure !== null || ended.end !== 'exited') return failure ?? failed('command_failed', 'the program ended in an unknown way', true);
  const produced = output.from === 'stdout' ? ended.stdout : await readOutput(outputFile, identity, environment.maxOutputBytes);
  if (produced === 'missing' || produced === 'not_a_file')
    return failed('output_missing', 'the program succeeded but wrote no output file', true, {
      reason: produced,
      stderr_tail: ended.stderrTail,
    });
  if (produced === 'too_large')
    return failed('output_too_large', 'the output is too large to be sent', false, { limit_bytes: environment.maxOutputBytes });
  return toContent(produced, output.content_type);
}

/** Runs the program until it and its children have ended. */
async function runInFolder(
  folder: string,
  stdinFile: string | null,
  { context, environment, timeoutMs }: Pick<Work, 'context' | 'environment'> & { readonly timeoutMs: number },
  run: Pick<ProgramRun, 'program' | 'args' | 'cwd' | 'env'>,
): Promise<ProgramEnd> {
  const { clock, logger, maxOutputBytes } = environment;
  const stdin = stdinFile === null ? null : await open(stdinFile, 'r');
  const mark = process.platform === 'linux' ? await open(folder, 'r') : null;
  const timeout = new AbortController();
  const timer = clock.setTimer(timeoutMs, () => {
    timeout.abort();
  });
  try {
    return await runProgram({
      ...run,
      stdin: stdin?.fd ?? null,
      mark: mark?.fd ?? null,
      maxStdoutBytes: maxOutputBytes,
      clock,
      signal: AbortSignal.any([context.signal, timeout.signal]),
    });
  } finally {
    timer.cancel();
    await stdin?.close();
    await mark?.close();
    // Before the output is read: no program of the job changes the file any more.
    await endLeftovers(folder, logger);
  }
}

const bytesOf = (input: CommandTask['input']): Buffer => {
  if (typeof input === 'string') return Buffer.from(input, 'utf8');
  return 'text' in input ? Buffer.from(input.text, 'utf8') : Buffer.from(input.base64, 'base64');
};

function toContent(bytes: Buffer, contentType: string): RunOutcome {
  if (!isText(contentType)) return succeeded({ content_type: contentType, base64: bytes.toString('base64') });
  try {
    return succeeded({ content_type: contentType, text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes) });
  } catch {
    return failed('output_not_text', 'the output of the program is not UTF-8 text', false, { bytes: bytes.length });
  }
}

const succeeded = (output: Content): RunOutcome => ({ success: true, output });

/** Variables that a command inherits: paths of programs and libraries, GPU selection and language. None is a secret. */
const PASSED_VARIABLES = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'LD_LIBRARY_PATH',
  'CUDA_VISIBLE_DEVICES',
  'NVIDIA_VISIBLE_DEVICES',
  'HIP_VISIBLE_DEVICES',
  // Windows programs do not start without these.
  'SystemRoot',
  'PATHEXT',
  'USERPROFILE',
  'APPDATA',
  'LOCALAPPDATA',
] as const;

/** Temporary files are created in the job's folder and removed with it. */
function minimalEnv(temporaryFolder: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const passed = PASSED_VARIABLES.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return { ...Object.fromEntries(passed), TMPDIR: temporaryFolder, TEMP: temporaryFolder, TMP: temporaryFolder };
}

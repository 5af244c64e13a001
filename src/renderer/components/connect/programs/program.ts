// What the pages and docs/clients.md know of a program that uses a pool. Pure, as all files of this folder.
import type { AppInfo } from '../../../../shared/api/app-state';
import { quotingOf } from '../quoting';

export interface ConnectTarget {
  /** Of the OpenAI API, with `/v1`. */
  readonly baseUrl: string;
  /** Null: none is needed, and any text works. */
  readonly key: string | null;
  readonly model: string;
  /** The path of the CA file on the computer of the program. Null: the program trusts the certificate already, or there is none. */
  readonly caFile: string | null;
  readonly platform: AppInfo['platform'];
  /** Default: a greeting. */
  readonly question?: string;
}

export type ClientApi = 'chat_completions' | 'responses' | 'messages' | 'ollama';
export type ProgramGroup = 'code' | 'agents' | 'apps';

/**
 * How the program trusts the CA of the pool. `example`: the example names the file, for this pool alone. `adds`: in addition to the CAs of
 * the program. `start`: the same, by a variable of the command that starts the program, which is the first example. `replaces`: instead of the CAs of the system. `bundle`: by a variable that replaces them, which not every installation has.
 */
export type Trust = 'example' | 'adds' | 'start' | 'replaces' | 'bundle';

export interface CodeSnippet {
  readonly kind: 'code';
  /** The file that it is or goes into. Null: a command for a terminal, or a program of the user. */
  readonly file: string | null;
  /** Not translated: what it is, where the terminal alone says too little. */
  readonly title?: string;
  readonly language: 'sh' | 'python' | 'javascript' | 'yaml' | 'toml';
  readonly text: string;
}

/** Fields of a form of the program. Their names are those of the program, not translated. */
export interface FormSnippet {
  readonly kind: 'form';
  readonly place: string;
  readonly fields: readonly FormField[];
}

export interface FormField {
  readonly label: string;
  readonly value: string;
}

export type Snippet = CodeSnippet | FormSnippet;

export interface Program {
  /** Not translated. */
  readonly name: string;
  readonly group: ProgramGroup;
  readonly apis: readonly ClientApi[];
  readonly trust: Trust;
  /** The command that installs it. Absent: the user has it, or its own pages say how. */
  readonly install?: string;
  /** It usually runs in a container, where loopback is the container itself. */
  readonly isContainer: boolean;
  readonly snippets: (target: ConnectTarget) => readonly Snippet[];
}

/** In place of a key that is not known. */
export const KEY_PLACEHOLDER = 'YOUR_KEY';
/** In place of a model whose name is not safe where it would be written. */
export const MODEL_PLACEHOLDER = 'MODEL';
const ANY_KEY = 'unused';

/** For programs that require a key. */
export const keyOf = ({ key }: ConnectTarget): string => key ?? ANY_KEY;

/** For Anthropic's and Ollama's clients, which add the whole path. */
export const rootUrlOf = ({ baseUrl }: ConnectTarget): string => baseUrl.replace(/\/v1$/, '');

export const modelArgumentOf = ({ model, platform }: ConnectTarget): string => quotingOf(platform).model(model) ?? MODEL_PLACEHOLDER;

/** In an environment variable of a command. */
export const modelVariableOf = ({ model, platform }: ConnectTarget): string =>
  quotingOf(platform).model(model) === null ? MODEL_PLACEHOLDER : model;

export type Variable = readonly [name: string, value: string];

/** A command that is written on several lines where the shell of the system can. */
export const commandOf = (platform: AppInfo['platform'], lines: readonly string[]): string =>
  lines.join(platform === 'windows' ? ' ' : ' \\\n  ');

/** The variables hold for this start alone. */
export function startOf(platform: AppInfo['platform'], variables: readonly Variable[], command: string): string {
  // In cmd.exe the quotes around the whole also hold the value without the space before `&&`.
  if (platform === 'windows') return [...variables.map(([name, value]) => `set "${name}=${value}"`), command].join(' && ');
  const { argument } = quotingOf(platform);
  const lines = [...variables.map(([name, value]) => `${name}=${value === '' ? '' : argument(value)}`), command];
  return lines.length > 2 ? commandOf(platform, lines) : lines.join(' ');
}

export const nodeTrust = (caFile: string | null): readonly Variable[] => (caFile === null ? [] : [['NODE_EXTRA_CA_CERTS', caFile]]);

export const shell = (text: string, title?: string): CodeSnippet => ({
  kind: 'code',
  file: null,
  language: 'sh',
  text,
  ...(title === undefined ? {} : { title }),
});

/** `url` and `request`: of curl, quoted where they need it. */
export function curlCommand({ key, caFile, platform }: ConnectTarget, url: string, request: readonly string[]): string {
  const { argument: quoted } = quotingOf(platform);
  return commandOf(platform, [
    `curl ${url}`,
    ...(caFile === null ? [] : [`--cacert ${quoted(caFile)}`]),
    ...(key === null ? [] : [`-H ${quoted(`Authorization: Bearer ${key}`)}`]),
    ...request,
  ]);
}

/** Arguments of curl that send a body of JSON. */
export const jsonBody = ({ platform }: ConnectTarget, body: object): readonly string[] => {
  const { argument: quoted, json } = quotingOf(platform);
  return [`-H ${quoted('Content-Type: application/json')}`, `-d ${json(body)}`];
};

/** A YAML file. */
export const yaml = (file: string, lines: readonly string[]): CodeSnippet => ({
  kind: 'code',
  file,
  language: 'yaml',
  text: lines.join('\n'),
});

// How each program is connected to a pool: the text to copy, with address, key, model and CA filled in (docs/openai.md). Pure.
import type { AppInfo } from '../../../shared/api/app-state';
import { isLoopbackUrlHost } from '../../../shared/loopback';
import { quotingOf } from './quoting';

export const PROGRAMS = ['curl', 'python', 'javascript', 'claude_code', 'open_webui', 'continue'] as const;
export type Program = (typeof PROGRAMS)[number];

/** Names are not translated. */
export const PROGRAM_NAMES: Readonly<Record<Program, string>> = {
  curl: 'curl',
  python: 'Python',
  javascript: 'JavaScript',
  claude_code: 'Claude Code',
  open_webui: 'Open WebUI',
  continue: 'Continue',
};

/** In place of a key that is not known. */
export const KEY_PLACEHOLDER = 'YOUR_KEY';

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

/** In place of a model whose name is not safe on the command line of the user. */
const MODEL_PLACEHOLDER = 'MODEL';
const ANY_KEY = 'unused';
const GREETING = 'Hello';

export const connectExamples = (target: ConnectTarget): Readonly<Record<Program, string>> => ({
  curl: curlOf(target),
  python: pythonOf(target),
  javascript: javascriptOf(target),
  claude_code: claudeCodeOf(target),
  open_webui: openWebUiOf(target),
  continue: continueOf(target),
});

function curlOf({ baseUrl, key, model, caFile, platform, question = GREETING }: ConnectTarget): string {
  const { argument: quoted, json } = quotingOf(platform);
  const lines = [
    `curl -N ${quoted(`${baseUrl}/chat/completions`)}`,
    ...(caFile === null ? [] : [`--cacert ${quoted(caFile)}`]),
    ...(key === null ? [] : [`-H ${quoted(`Authorization: Bearer ${key}`)}`]),
    `-H ${quoted('Content-Type: application/json')}`,
    `-d ${json({ model, stream: true, messages: [{ role: 'user', content: question }] })}`,
  ];
  return lines.join(platform === 'windows' ? ' ' : ' \\\n  ');
}

function pythonOf({ baseUrl, key, model, caFile, question = GREETING }: ConnectTarget): string {
  const trust =
    caFile === null
      ? []
      : [
          'import ssl',
          'import httpx',
          '',
          `trust = ssl.create_default_context(cafile=${text(caFile)})`,
          'http_client = httpx.Client(verify=trust)',
        ];
  const options = [`base_url=${text(baseUrl)}`, `api_key=${text(key ?? ANY_KEY)}`, ...(caFile === null ? [] : ['http_client=http_client'])];
  return [
    'from openai import OpenAI',
    ...trust,
    '',
    'client = OpenAI(',
    ...options.map((option) => `    ${option},`),
    ')',
    'answer = client.chat.completions.create(',
    `    model=${text(model)},`,
    `    messages=[{"role": "user", "content": ${text(question)}}],`,
    ')',
    'print(answer.choices[0].message.content)',
  ].join('\n');
}

function javascriptOf({ baseUrl, key, model, caFile, platform, question = GREETING }: ConnectTarget): string {
  // In cmd.exe the quotes around the whole also hold the value without the space before `&&`.
  const start = (file: string): string =>
    platform === 'windows'
      ? `set "NODE_EXTRA_CA_CERTS=${file}" && node program.mjs`
      : `NODE_EXTRA_CA_CERTS=${quotingOf(platform).argument(file)} node program.mjs`;
  return [
    ...(caFile === null ? [] : [`// Start with: ${start(caFile)}`]),
    "import OpenAI from 'openai';",
    '',
    'const client = new OpenAI({',
    `  baseURL: ${text(baseUrl)},`,
    `  apiKey: ${text(key ?? ANY_KEY)},`,
    '});',
    'const answer = await client.chat.completions.create({',
    `  model: ${text(model)},`,
    `  messages: [{ role: 'user', content: ${text(question)} }],`,
    '});',
    'console.log(answer.choices[0].message.content);',
  ].join('\n');
}

/** The names by which Claude Code chooses a model of Anthropic: all of them are the model of the pool. */
const CLAUDE_MODELS = [
  'ANTHROPIC_MODEL',
  'ANTHROPIC_DEFAULT_OPUS_MODEL',
  'ANTHROPIC_DEFAULT_SONNET_MODEL',
  'ANTHROPIC_DEFAULT_HAIKU_MODEL',
];

/** The variables hold for this start alone. It adds `/v1/messages` to the address. An empty API key keeps one of Anthropic from being sent. */
function claudeCodeOf({ baseUrl, key, model, caFile, platform }: ConnectTarget): string {
  const { argument: quoted, model: modelArgument } = quotingOf(platform);
  const name = modelArgument(model) === null ? MODEL_PLACEHOLDER : model;
  const variables = [
    ['ANTHROPIC_BASE_URL', baseUrl.replace(/\/v1$/, '')],
    ['ANTHROPIC_AUTH_TOKEN', key ?? ANY_KEY],
    ['ANTHROPIC_API_KEY', ''],
    ...CLAUDE_MODELS.map((variable) => [variable, name] as const),
    ...(caFile === null ? [] : [['NODE_EXTRA_CA_CERTS', caFile] as const]),
  ] as const;
  // As above, in cmd.exe the quotes around the whole hold the value.
  if (platform === 'windows') return [...variables.map(([variable, value]) => `set "${variable}=${value}"`), 'claude'].join(' && ');
  return [...variables.map(([variable, value]) => `${variable}=${value === '' ? '' : quoted(value)}`), 'claude'].join(' \\\n  ');
}

/** In a container, loopback is the container itself, unless it uses the network of its host. */
function openWebUiOf({ baseUrl, key, caFile, platform }: ConnectTarget): string {
  const isLocal = isLoopbackUrlHost(new URL(baseUrl).hostname);
  const { argument: quoted } = quotingOf(platform);
  return [
    `docker run -d --name open-webui ${isLocal ? '--network host -e PORT=3000' : '-p 3000:8080'}`,
    '-v open-webui:/app/backend/data',
    ...(caFile === null ? [] : [`-v ${quoted(`${caFile}:/ca.pem:ro`)} -e SSL_CERT_FILE=/ca.pem`]),
    `-e ${quoted(`OPENAI_API_BASE_URL=${baseUrl}`)}`,
    `-e ${quoted(`OPENAI_API_KEY=${key ?? ANY_KEY}`)}`,
    'ghcr.io/open-webui/open-webui:main',
  ].join(platform === 'windows' ? ' ' : ' \\\n  ');
}

function continueOf({ baseUrl, key, model, caFile }: ConnectTarget): string {
  return [
    'name: Muster',
    'version: 1.0.0',
    'schema: v1',
    'models:',
    `  - name: ${text(`${model} (Muster)`)}`,
    '    provider: openai',
    `    model: ${text(model)}`,
    `    apiBase: ${text(baseUrl)}`,
    `    apiKey: ${text(key ?? ANY_KEY)}`,
    '    roles: [chat, edit, apply]',
    ...(caFile === null ? [] : ['    requestOptions:', `      caBundlePath: ${text(caFile)}`]),
  ].join('\n');
}

/** A string literal of JSON is one of Python, JavaScript and YAML, too. */
const text = (value: string): string => JSON.stringify(value);

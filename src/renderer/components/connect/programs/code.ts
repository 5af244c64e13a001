// curl and the client libraries: text of a program that asks one question. Pure.
import { literal, quotingOf } from '../quoting';
import {
  type CodeSnippet,
  type ConnectTarget,
  curlCommand,
  jsonBody,
  keyOf,
  modelArgumentOf,
  nodeTrust,
  rootUrlOf,
  shell,
  type Snippet,
  startOf,
} from './program';

const GREETING = 'Hello';

export function curl(target: ConnectTarget): readonly Snippet[] {
  const { baseUrl, model, platform, question = GREETING } = target;
  const url = quotingOf(platform).argument(`${baseUrl}/chat/completions`);
  const request = jsonBody(target, { model, stream: true, messages: [{ role: 'user', content: question }] });
  return [shell(curlCommand(target, `-N ${url}`, request))];
}

const python = (lines: readonly string[]): CodeSnippet => ({ kind: 'code', file: null, language: 'python', text: lines.join('\n') });

/** A call with one argument on each line. */
const call = (start: string, options: readonly string[]): readonly string[] => [start, ...options.map((option) => `    ${option},`), ')'];

const trustLines = (caFile: string, imports: readonly string[] = []): readonly string[] => [
  'import ssl',
  ...imports,
  '',
  `trust = ssl.create_default_context(cafile=${literal(caFile)})`,
];

/** For the libraries that take a client of httpx. */
const httpClientLines = (caFile: string | null): readonly string[] =>
  caFile === null ? [] : [...trustLines(caFile, ['import httpx']), 'http_client = httpx.Client(verify=trust)'];

const httpClientOption = ({ caFile }: ConnectTarget): readonly string[] => (caFile === null ? [] : ['http_client=http_client']);

const messagesOf = ({ question = GREETING }: ConnectTarget): string => `messages=[{"role": "user", "content": ${literal(question)}}]`;

export function openAiPython(target: ConnectTarget): readonly Snippet[] {
  return [
    python([
      'from openai import OpenAI',
      ...httpClientLines(target.caFile),
      '',
      ...call('client = OpenAI(', [
        `base_url=${literal(target.baseUrl)}`,
        `api_key=${literal(keyOf(target))}`,
        ...httpClientOption(target),
      ]),
      ...call('answer = client.chat.completions.create(', [`model=${literal(target.model)}`, messagesOf(target)]),
      'print(answer.choices[0].message.content)',
    ]),
  ];
}

const JAVASCRIPT_FILE = 'program.mjs';

export function openAiJavaScript(target: ConnectTarget): readonly Snippet[] {
  const { baseUrl, model, caFile, platform, question = GREETING } = target;
  const lines = [
    "import OpenAI from 'openai';",
    '',
    'const client = new OpenAI({',
    `  baseURL: ${literal(baseUrl)},`,
    `  apiKey: ${literal(keyOf(target))},`,
    '});',
    'const answer = await client.chat.completions.create({',
    `  model: ${literal(model)},`,
    `  messages: [{ role: 'user', content: ${literal(question)} }],`,
    '});',
    'console.log(answer.choices[0].message.content);',
  ];
  return [
    // Node reads the variable at its start only.
    ...(caFile === null ? [] : [shell(startOf(platform, nodeTrust(caFile), `node ${JAVASCRIPT_FILE}`))]),
    { kind: 'code', file: caFile === null ? null : JAVASCRIPT_FILE, language: 'javascript', text: lines.join('\n') },
  ];
}

/** The first block of an answer may be a thought. */
export function anthropicPython(target: ConnectTarget): readonly Snippet[] {
  return [
    python([
      'from anthropic import Anthropic',
      ...httpClientLines(target.caFile),
      '',
      ...call('client = Anthropic(', [
        `base_url=${literal(rootUrlOf(target))}`,
        `api_key=${literal(keyOf(target))}`,
        ...httpClientOption(target),
      ]),
      ...call('message = client.messages.create(', [`model=${literal(target.model)}`, 'max_tokens=1024', messagesOf(target)]),
      'print("".join(block.text for block in message.content if block.type == "text"))',
    ]),
  ];
}

/** The command `ollama` sends no key. A name must not be taken for one of its flags. */
export function ollama(target: ConnectTarget): readonly Snippet[] {
  const { key, model, caFile, platform } = target;
  const host = rootUrlOf(target);
  const command = `ollama run ${model.startsWith('-') ? '-- ' : ''}${modelArgumentOf(target)}`;
  return [
    ...(key === null ? [shell(startOf(platform, [['OLLAMA_HOST', host]], command))] : []),
    python([
      'from ollama import Client',
      ...(caFile === null ? [] : trustLines(caFile)),
      '',
      ...call('client = Client(', [
        `host=${literal(host)}`,
        ...(key === null ? [] : [`headers={"Authorization": ${literal(`Bearer ${key}`)}}`]),
        ...(caFile === null ? [] : ['verify=trust']),
      ]),
      ...call('answer = client.chat(', [`model=${literal(model)}`, messagesOf(target)]),
      'print(answer.message.content)',
    ]),
  ];
}

export function langChain(target: ConnectTarget): readonly Snippet[] {
  return [
    python([
      'from langchain_openai import ChatOpenAI',
      ...httpClientLines(target.caFile),
      '',
      ...call('model = ChatOpenAI(', [
        `model=${literal(target.model)}`,
        `base_url=${literal(target.baseUrl)}`,
        `api_key=${literal(keyOf(target))}`,
        ...httpClientOption(target),
      ]),
      `print(model.invoke(${literal(target.question ?? GREETING)}).content)`,
    ]),
  ];
}

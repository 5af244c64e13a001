// The programs that a pool can serve, in the order of the pages: one line for each. Its texts are in the catalogue `program`. Pure.
import { claudeCode, cline, codex, continueDev } from './agents';
import { homeAssistant, libreChat, liteLlm, n8n, openWebUi } from './apps';
import { anthropicPython, curl, langChain, ollama, openAiJavaScript, openAiPython } from './code';
import type { ClientApi, ConnectTarget, Program, ProgramGroup, Snippet } from './program';

export const PROGRAM_IDS = [
  'curl',
  'python',
  'javascript',
  'anthropic',
  'ollama',
  'langchain',
  'claude_code',
  'codex',
  'cline',
  'continue',
  'open_webui',
  'librechat',
  'n8n',
  'home_assistant',
  'litellm',
] as const;
export type ProgramId = (typeof PROGRAM_IDS)[number];

const code = { group: 'code', trust: 'example', isContainer: false } as const;
const agent = { group: 'agents', isContainer: false } as const;
const app = { group: 'apps', isContainer: true } as const;

export const PROGRAMS: Readonly<Record<ProgramId, Program>> = {
  curl: { ...code, name: 'curl', apis: ['chat_completions'], snippets: curl },
  python: { ...code, name: 'Python', apis: ['chat_completions'], install: 'pip install openai', snippets: openAiPython },
  javascript: {
    ...code,
    name: 'JavaScript',
    apis: ['chat_completions'],
    trust: 'start',
    install: 'npm install openai',
    snippets: openAiJavaScript,
  },
  anthropic: { ...code, name: 'Anthropic', apis: ['messages'], install: 'pip install anthropic', snippets: anthropicPython },
  ollama: { ...code, name: 'Ollama', apis: ['ollama'], install: 'pip install ollama', snippets: ollama },
  langchain: { ...code, name: 'LangChain', apis: ['chat_completions'], install: 'pip install langchain-openai', snippets: langChain },
  claude_code: { ...agent, name: 'Claude Code', apis: ['messages'], trust: 'adds', snippets: claudeCode },
  codex: { ...agent, name: 'Codex', apis: ['responses'], trust: 'adds', snippets: codex },
  cline: { ...agent, name: 'Cline', apis: ['chat_completions'], trust: 'start', snippets: cline },
  continue: { ...agent, name: 'Continue', apis: ['chat_completions'], trust: 'example', snippets: continueDev },
  open_webui: { ...app, name: 'Open WebUI', apis: ['chat_completions'], trust: 'replaces', snippets: openWebUi },
  librechat: { ...app, name: 'LibreChat', apis: ['chat_completions'], trust: 'adds', snippets: libreChat },
  n8n: { ...app, name: 'n8n', apis: ['chat_completions', 'responses', 'ollama'], trust: 'start', snippets: n8n },
  home_assistant: { ...app, name: 'Home Assistant', apis: ['ollama'], trust: 'bundle', snippets: homeAssistant },
  litellm: {
    ...app,
    name: 'LiteLLM',
    apis: ['chat_completions'],
    trust: 'replaces',
    isContainer: false,
    install: 'pip install "litellm[proxy]"',
    snippets: liteLlm,
  },
};

/** Not translated. */
export const API_NAMES: Readonly<Record<ClientApi, string>> = {
  chat_completions: 'Chat Completions',
  responses: 'Responses',
  messages: 'Messages',
  ollama: 'Ollama',
};

export const PROGRAM_GROUPS: readonly ProgramGroup[] = ['code', 'agents', 'apps'];

export const programsIn = (group: ProgramGroup): readonly ProgramId[] => PROGRAM_IDS.filter((id) => PROGRAMS[id].group === group);

/** Those of the menu "Copy as", and the first of the page Connect programs, which has all. */
export const COPY_AS: readonly ProgramId[] = ['curl', 'python', 'javascript', 'claude_code', 'codex', 'open_webui', 'continue'];

/** All snippets of a program as one text. The start of a JavaScript program is a comment in it: the text can be pasted into its file. */
export function textOf(id: ProgramId, target: ConnectTarget): string {
  const snippets = PROGRAMS[id].snippets(target);
  const script = snippets.find((snippet) => snippet.kind === 'code' && snippet.language === 'javascript');
  if (script !== undefined) {
    const starts = snippets.filter((snippet) => snippet !== script).map((start) => `// Start with: ${contentOf(start)}`);
    return [...starts, contentOf(script)].join('\n');
  }
  const [only] = snippets;
  return only !== undefined && snippets.length === 1 ? contentOf(only) : snippets.map(titledContentOf).join('\n\n');
}

/** What a button copies. */
export const contentOf = (snippet: Snippet): string =>
  snippet.kind === 'code' ? snippet.text : snippet.fields.map(({ label, value }) => `${label}: ${value}`).join('\n');

function titledContentOf(snippet: Snippet): string {
  const title = snippet.kind === 'form' ? snippet.place : (snippet.title ?? snippet.file);
  return title === null ? contentOf(snippet) : `# ${title}\n${contentOf(snippet)}`;
}

// docs/clients.md and its Chinese page, made from the table of the page Connect programs and its texts. Pure.
// A page is the text of an author, then a marker, then the generated part, as in docs/api.
import type { Snippet } from '../../../src/renderer/components/connect/programs/program';
import { API_NAMES, PROGRAM_GROUPS, type ProgramId, PROGRAMS, programsIn } from '../../../src/renderer/components/connect/programs/table';
import type { TaskTarget } from '../../../src/renderer/components/connect/tasks/calls';
import { TASK_GROUPS, type TaskId, TASKS, tasksIn } from '../../../src/renderer/components/connect/tasks/table';
import type { Catalogue } from '../../../src/renderer/i18n/en/index';
import { wrapped } from '../api-pages/wrapped';

/** A shared pool that is used from another computer: the case that needs every line. */
const EXAMPLE: TaskTarget = {
  baseUrl: 'https://HOST:7080/v1',
  key: 'YOUR_KEY',
  model: 'qwen3-coder:30b',
  caFile: '/home/you/ca.pem',
  platform: 'linux',
  pin: 'sha256-...',
  kind: 'llm',
};

type Texts = Pick<Catalogue, 'program' | 'pool_task' | 'punctuation'>;

export function clientPage(texts: Texts): string {
  const groups = PROGRAM_GROUPS.flatMap((group) => [
    `## ${texts.program.group[group]}`,
    '',
    ...programsIn(group).flatMap((id) => programLines(id, texts)),
  ]);
  const tasks = [
    `## ${texts.pool_task.title}`,
    '',
    ...TASK_GROUPS.flatMap(tasksIn)
      .filter(isShort)
      .flatMap((id) => taskLines(id, texts)),
  ];
  return [...groups, ...tasks].join('\n').trimEnd();
}

function programLines(id: ProgramId, { program: texts, punctuation }: Texts): readonly string[] {
  const { name, apis, trust, install, snippets } = PROGRAMS[id];
  const facts = [
    ...(install === undefined ? [] : [[texts.install, `\`${install}\``]]),
    [texts.api, apis.map((api) => API_NAMES[api]).join(punctuation.list)],
    [texts.certificate, texts.trust[trust]],
  ];
  return [
    `### ${name}`,
    '',
    ...paragraph(texts.note[id]),
    '',
    ...facts.flatMap(([label = '', value = '']) => paragraph(`${label}${punctuation.colon}${value}`, '- ', '  ')),
    '',
    ...snippets(EXAMPLE).flatMap((snippet) => snippetLines(snippet, texts, punctuation)),
  ];
}

/** One line of the job has more columns than a page of docs may have. docs/jobs.md has jobs. */
const isShort = (id: TaskId): boolean => id !== 'queued_job';

function taskLines(id: TaskId, { program, pool_task: texts, punctuation }: Texts): readonly string[] {
  const { call, snippets } = TASKS[id];
  return [
    `### ${texts.name[id]}`,
    '',
    ...paragraph(texts.note[id]),
    '',
    `- ${program.api}${punctuation.colon}\`${call}\``,
    '',
    ...snippets(EXAMPLE).flatMap((snippet) => snippetLines(snippet, program, punctuation)),
  ];
}

function snippetLines(snippet: Snippet, texts: Catalogue['program'], { colon }: Catalogue['punctuation']): readonly string[] {
  if (snippet.kind === 'form')
    return [`${snippet.place}${colon.trimEnd()}`, '', ...snippet.fields.map(({ label, value }) => `- ${label}${colon}\`${value}\``), ''];
  const { file, language, text, title } = snippet;
  const terminal = language === 'sh' ? texts.terminal : null;
  const place = title ?? (file === null ? terminal : `\`${file}\``);
  return [...(place === null ? [] : [`${place}${colon.trimEnd()}`, '']), `\`\`\`${language}`, ...text.split('\n'), '```', ''];
}

/** Chinese has no spaces between words: a line ends with each sentence. */
const paragraph = (text: string, first = '', next = ''): readonly string[] =>
  text.split(/(?<=。)/).flatMap((sentence, index) => wrapped(sentence, index === 0 ? first : next, next));

// docs/clients.md and its Chinese page, made from the table of the page Connect programs and its texts. Pure.
// A page is the text of an author, then a marker, then the generated part, as in docs/api.
import type { ConnectTarget, Snippet } from '../../../src/renderer/components/connect/programs/program';
import { API_NAMES, PROGRAM_GROUPS, type ProgramId, PROGRAMS, programsIn } from '../../../src/renderer/components/connect/programs/table';
import type { Catalogue } from '../../../src/renderer/i18n/en/index';
import { wrapped } from '../api-pages/wrapped';

/** A shared pool that is used from another computer: the case that needs every line. */
export const EXAMPLE: ConnectTarget = {
  baseUrl: 'https://HOST:7080/v1',
  key: 'YOUR_KEY',
  model: 'qwen3-coder:30b',
  caFile: '/home/you/ca.pem',
  platform: 'linux',
};

export function clientPage(texts: Pick<Catalogue, 'program' | 'punctuation'>): string {
  const groups = PROGRAM_GROUPS.flatMap((group) => [
    `## ${texts.program.group[group]}`,
    '',
    ...programsIn(group).flatMap((id) => programLines(id, texts)),
  ]);
  return groups.join('\n').trimEnd();
}

function programLines(id: ProgramId, { program: texts, punctuation }: Pick<Catalogue, 'program' | 'punctuation'>): readonly string[] {
  const { name, apis, trust, snippets } = PROGRAMS[id];
  const facts = [
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

function snippetLines(snippet: Snippet, texts: Catalogue['program'], { colon }: Catalogue['punctuation']): readonly string[] {
  if (snippet.kind === 'form')
    return [`${snippet.place}${colon.trimEnd()}`, '', ...snippet.fields.map(({ label, value }) => `- ${label}${colon}\`${value}\``), ''];
  const { file, language, text } = snippet;
  const place = file === null ? (language === 'sh' ? texts.terminal : null) : `\`${file}\``;
  return [...(place === null ? [] : [`${place}${colon.trimEnd()}`, '']), `\`\`\`${language}`, ...text.split('\n'), '```', ''];
}

/** Chinese has no spaces between words: a line ends with each sentence. */
const paragraph = (text: string, first = '', next = ''): readonly string[] =>
  text.split(/(?<=。)/).flatMap((sentence, index) => wrapped(sentence, index === 0 ? first : next, next));

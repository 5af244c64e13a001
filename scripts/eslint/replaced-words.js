// The words that Muster does not use, with what to write instead. The ESLint rule muster/plain-words and the tests of the documents and
// of the catalogues read these lists. docs/glossary.md has the terms that replace the words.

/**
 * Parts of names (identifiers, file names, wire codes): `lastWords`, `last_words` and `last-words` have the parts `last words`. An
 * entry with a space matches parts that follow each other.
 * @type {Readonly<Record<string, string>>}
 */
export const NAME_PARTS = {
  anew: 'again',
  barren: 'empty, nothing',
  bite: 'batch',
  brake: 'pause',
  census: 'counter',
  door: 'access',
  face: 'mode',
  faces: 'modes',
  'finish node': 'drain',
  'finishing node': 'draining',
  'give back': 'requeue, resume',
  goodbye: 'disconnect, unregister',
  'last words': 'last log lines',
  nobody: 'none',
  'node finishes': 'draining',
  'node finishing': 'draining',
  'pass over': 'miss',
  'passed over': 'missed jobs',
  'passes over': 'misses',
  room: 'page, space',
  rooms: 'pages',
  stranger: 'foreign',
  'take back': 'resume, requeue',
  'taken back': 'resumed, requeued',
  told: 'sent, reported',
  telling: 'delivery',
  vain: 'obsolete, timed out',
  whoever: 'the client, the caller',
  wish: 'request',
  wished: 'requested',
  wording: 'labels, messages',
};

/**
 * Phrases that comments, texts and documents do not contain.
 * @type {readonly (readonly [pattern: RegExp, instead: string])[]}
 */
export const PHRASES = [
  [/\banew\b/i, 'again'],
  [/\bbarren\b/i, 'empty'],
  [/\bbites?\b/i, 'batch'],
  [/\bgoodbye\b/i, 'disconnects, unregisters'],
  [/\bin vain\b/i, 'timed out, without a result'],
  [/\blast words\b/i, 'last log lines'],
  [/\bnobody\b/i, 'no node, no client, none'],
  [/\bwhoever\b/i, 'the client, the caller'],
  [/\btold\b/i, 'sent, reported, notified'],
  [/\bt(?:akes?|aken|aking|ook) back\b/i, 'resume, requeue'],
  [/\bthe way is\b/i, 'the connection'],
  [/\bwhat of\b/i, 'name the subject'],
  [/\bwish(?:es|ed)?\b/i, 'request'],
  [/\bpass(?:ed|es)? over\b/i, 'missed, excluded'],
  [/收尾|告别|绕过/, '排空, 断开, 错过'],
];

/**
 * More patterns that no text on a screen matches. Comments and documents may use these words.
 * @type {readonly (readonly [pattern: RegExp, instead: string])[]}
 */
export const SCREEN_PHRASES = [
  [/\bdoors?\b/i, 'access'],
  [/\bfaces?\b/i, 'mode'],
  [/\bgives? back\b/i, 'output'],
  [/\bit helps\b/i, 'name the action'],
  [/\bkeep contributing\b/i, 'resume sharing'],
  [/\bof it\b/i, 'name the thing'],
  [/\brooms?\b/i, 'page, space'],
  [/\bruntimes?\b/i, 'model server'],
  [/\bsa(?:id|ys?)\b/i, 'reports'],
  [/\bsomebody\b/i, 'the operator, the owner'],
  [/\btells?\b/i, 'reports'],
  [/\bways?\b/i, 'connection'],
  [/\bwhat\b/i, 'name the thing'],
  [/\bwords?\b/i, 'text, output'],
  [/贡献/, '共享'],
  [/被收回/, '重新排队'],
  [/机主/, '节点所有者'],
  [/控制台/, '管理页面'],
  [/任务位/, '任务槽位'],
  [/模型目录/, '模型文件夹'],
  [/模型服务器|运行时环境/, '模型服务'],
  [/显卡 ?(?:使用率|负载|上限|时间|温度|\d)|的显卡，上限/, 'GPU for figures and settings'],
  [/(?:个|可用) ?GPU/, '显卡 for the card'],
  [/程序的说明/, '程序输出'],
  [/无人可接/, '没有可用节点'],
  [/最后的输出/, '最近的日志'],
  [/运行方式/, '运行模式'],
  [/应答/, '响应'],
];

/**
 * More words that no key of a catalogue contains: there, these words are old names of a drain or of a text.
 * @type {Readonly<Record<string, string>>}
 */
export const KEY_PARTS = {
  finish: 'drain',
  finishing: 'draining',
  said: 'output, message',
  so: 'name the condition',
  way: 'connection, timeline',
  what: 'name the thing',
  words: 'text, output',
};

/** The entry of the table that a name has as one or more of its parts, or null. */
export function replacedPartOf(/** @type {string} */ name, /** @type {Readonly<Record<string, string>>} */ table) {
  const parts = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);
  const joined = ` ${parts.join(' ')} `;
  return Object.keys(table).find((entry) => joined.includes(` ${entry} `)) ?? null;
}

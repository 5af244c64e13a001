// An ESLint rule: no word of docs/glossary.md's list of replaced words in identifiers, file names, comments and texts. The rule keeps one
// standard term for each thing, so that a reader who knows the field reads the code once.

/**
 * Words that may not be a part of an identifier or a file name, with what to write instead. `lastWords`, `last_words` and
 * `last-words` have the parts `last` and `words`.
 * @type {Readonly<Record<string, string>>}
 */
export const IDENTIFIER_WORDS = {
  anew: 'again',
  barren: 'empty, nothing',
  bite: 'batch',
  brake: 'pause',
  census: 'counter',
  door: 'access',
  goodbye: 'disconnect, unregister',
  nobody: 'none',
  room: 'page, space',
  rooms: 'pages',
  stranger: 'foreign',
  told: 'sent, reported',
  telling: 'delivery',
  vain: 'obsolete, timed out',
  whoever: 'the client, the caller',
  wish: 'request',
  wished: 'requested',
  wording: 'labels, messages',
};

/**
 * Phrases that comments and texts may not contain, with what to write instead.
 * @type {readonly (readonly [RegExp, string])[]}
 */
export const PHRASES = [
  [/\banew\b/i, 'again'],
  [/\bbarren\b/i, 'empty'],
  [/\bgoodbye\b/i, 'disconnects, unregisters'],
  [/\bin vain\b/i, 'timed out, without a result'],
  [/\blast words\b/i, 'last log lines'],
  [/\bnobody\b/i, 'no node, no client, none'],
  [/\bwhoever\b/i, 'the client, the caller'],
  [/\btold\b/i, 'sent, reported, notified'],
  [/\btak(?:es?|en|ing) back\b/i, 'resume, requeue'],
  [/\bthe way is\b/i, 'the connection'],
  [/\bwhat of\b/i, 'name the subject'],
  [/\bwish(?:es|ed)?\b/i, 'request'],
  [/\bpassed over\b/i, 'missed, excluded'],
  [/收尾|告别|绕过/, '排空, 断开, 错过'],
];

const partsOf = (name) =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z]+/);

/** @type {import('eslint').Rule.RuleModule} */
export const plainWords = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: {
      identifier: '"{{name}}" has the word "{{word}}". Write instead: {{instead}} (docs/glossary.md).',
      phrase: '"{{phrase}}" is not a term of the field. Write instead: {{instead}} (docs/glossary.md).',
    },
  },
  create(context) {
    const seen = new Set();
    const checkName = (node, name) => {
      if (seen.has(name)) return;
      seen.add(name);
      const word = partsOf(name).find((part) => Object.hasOwn(IDENTIFIER_WORDS, part));
      if (word !== undefined) context.report({ node, messageId: 'identifier', data: { name, word, instead: IDENTIFIER_WORDS[word] } });
    };
    const checkText = (node, text) => {
      for (const [pattern, instead] of PHRASES) {
        const phrase = pattern.exec(text)?.[0];
        if (phrase !== undefined) context.report({ loc: node.loc, messageId: 'phrase', data: { phrase, instead } });
      }
    };
    return {
      Program(node) {
        checkName(node, /[^/\\]*$/.exec(context.filename)?.[0] ?? '');
        for (const comment of context.sourceCode.getAllComments()) checkText(comment, comment.value);
      },
      Identifier: (node) => checkName(node, node.name),
      PrivateIdentifier: (node) => checkName(node, node.name),
      JSXIdentifier: (node) => checkName(node, node.name),
      JSXText: (node) => checkText(node, node.value),
      TemplateElement: (node) => checkText(node, node.value.raw),
      Literal(node) {
        if (typeof node.value === 'string') checkText(node, node.value);
      },
    };
  },
};

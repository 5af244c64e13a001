// An ESLint rule: identifiers, file names, comments and texts contain none of the words in replaced-words.js. The rule keeps one
// standard term for each thing, so that a reader who knows the field reads the code once.
import { NAME_PARTS, PHRASES, replacedPartOf } from './replaced-words.js';

/** A text that is one name, such as a wire code or a key. */
const NAME = /^[A-Za-z]\w*$/;

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
      const word = replacedPartOf(name, NAME_PARTS);
      if (word !== null) context.report({ node, messageId: 'identifier', data: { name, word, instead: NAME_PARTS[word] } });
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
        if (typeof node.value !== 'string') return;
        if (NAME.test(node.value) && node.value.includes('_')) checkName(node, node.value);
        checkText(node, node.value);
      },
    };
  },
};

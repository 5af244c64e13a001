// The guide for users as pages that a browser shows from the disk, for the packages. The other documents are not in a package, so links to
// them are plain text.
import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import Markdown from 'react-markdown';
import remarkGfm from 'remark-gfm';
import { projectRoot } from '../paths.mjs';

const GUIDE = join(projectRoot, 'docs', 'guide');
export const GUIDE_LANGUAGES = { en: { lang: 'en', title: 'Guide' }, 'zh-cn': { lang: 'zh-CN', title: '使用指南' } };
/** As in docs/guide/README.md. */
const ORDER = ['contributor', 'host', 'developer', 'clients', 'troubleshooting'];

const STYLE = `
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 760px; margin: 0 auto; padding: 24px 16px 64px; }
nav ul { display: flex; flex-wrap: wrap; gap: 4px 20px; padding: 0 0 12px; list-style: none; border-bottom: 1px solid #8886; }
h1, h2, h3 { line-height: 1.3; margin: 1.6em 0 0.5em; }
pre { padding: 12px; overflow-x: auto; border-radius: 8px; background: #8882; font-size: 14px; line-height: 1.5; }
img { max-width: 100%; border: 1px solid #8886; border-radius: 8px; }
table { border-collapse: collapse; } th, td { padding: 6px 10px; border: 1px solid #8886; text-align: left; }
footer { margin-top: 48px; font-size: 14px; opacity: 0.7; }
`;

/**
 * @param {string} folder
 * @param {string} version
 */
export function writeGuide(folder, version) {
  for (const [name, { lang, title }] of Object.entries(GUIDE_LANGUAGES)) {
    const source = join(GUIDE, name);
    const pages = readdirSync(source)
      .map((file) => basename(file, '.md'))
      .toSorted((one, other) => ORDER.indexOf(one) - ORDER.indexOf(other))
      .map((page) => ({ page, text: readFileSync(join(source, `${page}.md`), 'utf8') }));
    const nav = pages.map(({ page, text }) => ({ page, title: titleOf(text) }));
    mkdirSync(join(folder, name), { recursive: true });
    /** @type {(page: string, html: string) => void} */
    const write = (page, html) => writeFileSync(join(folder, name, `${page}.html`), html);
    write('index', pageOf({ lang, title, version, nav, text: `# ${title}\n` }));
    for (const { page, text } of pages) write(page, pageOf({ lang, title: titleOf(text), version, nav, text }));
  }
  cpSync(join(GUIDE, 'pictures'), join(folder, 'pictures'), { recursive: true });
}

/** @param {string} text */
const titleOf = (text) => /^# (.+)$/m.exec(text)?.[1] ?? '';

/**
 * @typedef {object} GuidePage
 * @property {string} lang
 * @property {string} title
 * @property {string} version
 * @property {readonly { readonly page: string, readonly title: string }[]} nav
 * @property {string} text Markdown
 */

/** @param {GuidePage} page */
export function pageOf({ lang, title, version, nav, text }) {
  const known = nav.map(({ page }) => page);
  /** @type {import('react-markdown').Components} */
  const components = {
    a: ({ href = '', children }) => {
      const target = hrefOf(href, known);
      return target === null ? createElement('span', null, children) : createElement('a', { href: target }, children);
    },
  };
  const links = nav.map((one) => createElement('li', { key: one.page }, createElement('a', { href: `${one.page}.html` }, one.title)));
  const document = createElement(
    'html',
    { lang },
    createElement(
      'head',
      null,
      createElement('meta', { charSet: 'utf-8' }),
      createElement('meta', { name: 'viewport', content: 'width=device-width' }),
      createElement('title', null, `${title} · Muster`),
      createElement('style', { dangerouslySetInnerHTML: { __html: STYLE } }),
    ),
    createElement(
      'body',
      null,
      createElement('nav', null, createElement('ul', null, links)),
      createElement('main', null, createElement(Markdown, { remarkPlugins: [remarkGfm], components }, text)),
      createElement('footer', null, `Muster ${version}`),
    ),
  );
  return `<!doctype html>\n${renderToStaticMarkup(document)}\n`;
}

/**
 * Null: not in the package.
 * @param {string} href
 * @param {readonly string[]} pages
 */
export function hrefOf(href, pages) {
  // Addresses of programs on this computer are no links.
  if (href.startsWith('https://')) return href;
  const page = /^(\w+)\.md$/.exec(href)?.[1] ?? '';
  return pages.includes(page) ? `${page}.html` : null;
}

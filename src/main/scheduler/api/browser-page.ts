// A small page of the scheduler itself, for a browser that opens the dashboard where there is none.
import type { IncomingMessage } from 'node:http';
import type { Language } from '../../../shared/language';
import { VARY } from '../access/error-response';

/** System colours and fonts, in light and dark. Long addresses break on a phone. */
const STYLE = [
  'main{max-width:36rem;margin:15vh auto;padding:0 1.25rem;font:1rem/1.6 system-ui,sans-serif;overflow-wrap:anywhere}',
  'h1{font-size:1.375rem;line-height:1.3}a{font-weight:600}li{margin:.5rem 0}code{font-size:.9375em}',
  '.address{display:inline-block;padding:.6rem 0}',
].join('');

/** A browser that opens the dashboard. Programs ask for JSON, or for anything. */
export const isForBrowser = ({ method, headers }: Pick<IncomingMessage, 'method' | 'headers'>, path: string | undefined): boolean =>
  (method === 'GET' || method === 'HEAD') && path === '/' && /\btext\/html\b/i.test(headers.accept ?? '');

export const PAGE_TYPE = 'text/html; charset=utf-8';
export const PAGE_HEADERS = { vary: `${VARY.vary}, Accept`, 'cache-control': 'no-store' } as const;

export interface PageParts {
  readonly language: Language;
  readonly title: string;
  /** HTML: the blocks below the title. */
  readonly blocks: readonly string[];
  /** The page loads itself again after this time. */
  readonly reloadSeconds?: number;
}

export function browserPage({ language, title, blocks, reloadSeconds }: PageParts): string {
  const reload = reloadSeconds === undefined ? '' : `<meta http-equiv="refresh" content="${String(reloadSeconds)}">\n`;
  return `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${reload}<title>${title} · Muster</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${blocks.join('\n')}
</main>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
export const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);

// The HTML page of a film strip: the pictures in order, with what the person did and the time of each step. Pure.
import type { Diary } from '../../gallery/diaries';
import type { Step } from './film-strip';

const STYLE = `:root { color-scheme: light dark; font: 14px/20px system-ui, sans-serif; }
body { margin: 24px; }
h1 { font-size: 22px; }
ol { display: grid; grid-template-columns: repeat(auto-fill, minmax(420px, 1fr)); gap: 24px; padding: 0; list-style: none; }
img { width: 100%; border: 1px solid #8886; border-radius: 7px; }
h2 { margin: 8px 0 0; font-size: 16px; }
ul { margin: 4px 0; padding-left: 18px; }
.time { font-variant-numeric: tabular-nums; }
.late { color: #c22; }`;

export function filmStripPage({ title, limitSeconds }: Diary, steps: readonly Step[], rule: string): string {
  let sumMs = 0;
  const items = steps.map((step, index) => {
    sumMs += step.machineMs + step.humanMs;
    const isLate = sumMs > limitSeconds * 1000;
    return `<li>
<a href="${escaped(step.picture)}"><img src="${escaped(step.picture)}" alt="${escaped(step.title)}" loading="lazy" /></a>
<h2>${String(index + 1)}. ${escaped(step.title)}</h2>
<p class="time${isLate ? ' late' : ''}">at <b>${inSeconds(sumMs)}</b>: machine ${inSeconds(step.machineMs)}, human ${inSeconds(step.humanMs)}</p>
<ul>${step.acts.map(({ text, humanMs }) => `<li>${escaped(text)} (${inSeconds(humanMs)})</li>`).join('')}</ul>
</li>`;
  });
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8" /><title>${escaped(title)}</title><style>${STYLE}</style></head>
<body>
<h1>${escaped(title)}</h1>
<p><b>${inSeconds(sumMs)}</b> of ${String(limitSeconds)} s. ${escaped(rule)}</p>
<ol>${items.join('\n')}</ol>
</body>
</html>
`;
}

const inSeconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => ENTITIES[character] ?? '');

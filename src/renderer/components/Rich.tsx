// Catalogue texts with `<b>` tags. Values are inserted after the tags were parsed, so that a value cannot add a tag.
import type { ParseKeys } from 'i18next';
import type { ReactNode } from 'react';
import { useLabels } from '../i18n/use-labels';

const OPEN = '\uE000';
const CLOSE = '\uE001';
const PLACE = new RegExp(`${OPEN}(\\w+)${CLOSE}`);
const BOLD = /<b>(.*?)<\/b>/;

export interface RichProps {
  readonly k: ParseKeys;
  readonly values?: Readonly<Record<string, ReactNode>>;
}

export function Rich({ k, values = {} }: RichProps) {
  const { t } = useLabels();
  const places = Object.fromEntries(Object.keys(values).map((name) => [name, `${OPEN}${name}${CLOSE}`]));
  // The type of `k` was checked at the caller; the type of `t` over all keys at once is too wide for the compiler.
  const template = (t as (key: string, values: Record<string, string>) => string)(k, places);
  // Splitting by a pattern with one group gives plain and captured pieces alternately.
  return template
    .split(BOLD)
    .map((piece, index) =>
      index % 2 === 1 ? <b key={index}>{filled(piece, values)}</b> : <span key={index}>{filled(piece, values)}</span>,
    );
}

function filled(text: string, values: Readonly<Record<string, ReactNode>>): ReactNode[] {
  return text.split(PLACE).map((piece, index) => (index % 2 === 1 ? <span key={index}>{values[piece]}</span> : piece));
}

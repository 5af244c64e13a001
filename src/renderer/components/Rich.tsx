// Words of the catalogue with `<b>` in them. Values are put in after the tags were found, so that a name cannot make one.
import type { ParseKeys } from 'i18next';
import type { ReactNode } from 'react';
import { useWords } from '../i18n/use-words';

const OPEN = '\uE000';
const CLOSE = '\uE001';
const PLACE = new RegExp(`${OPEN}(\\w+)${CLOSE}`);
const BOLD = /<b>(.*?)<\/b>/;

export interface RichProps {
  readonly k: ParseKeys;
  readonly values?: Readonly<Record<string, ReactNode>>;
}

export function Rich({ k, values = {} }: RichProps) {
  const { t } = useWords();
  const places = Object.fromEntries(Object.keys(values).map((name) => [name, `${OPEN}${name}${CLOSE}`]));
  // The key was checked at the caller; the type of `t` over all keys at once is too wide to be of use.
  const template = (t as (key: string, values: Record<string, string>) => string)(k, places);
  // Splitting by a pattern with one group gives plain and captured pieces in turn.
  return template
    .split(BOLD)
    .map((piece, index) =>
      index % 2 === 1 ? <b key={index}>{filled(piece, values)}</b> : <span key={index}>{filled(piece, values)}</span>,
    );
}

function filled(text: string, values: Readonly<Record<string, ReactNode>>): ReactNode[] {
  return text.split(PLACE).map((piece, index) => (index % 2 === 1 ? <span key={index}>{values[piece]}</span> : piece));
}

// Text in lines of at most 100 columns, as every document. Pure.

export const MAX_COLUMNS = 100;

/** `first` and `next` begin the first line and each further one. A word that is longer than a line stays whole. */
export function wrapped(text: string, first = '', next = ''): string[] {
  const lines: string[] = [];
  let line = first;
  let isEmpty = true;
  for (const word of text.split(' ')) {
    const longer = isEmpty ? line + word : `${line} ${word}`;
    if (!isEmpty && longer.length > MAX_COLUMNS) {
      lines.push(line);
      line = next + word;
    } else line = longer;
    isEmpty = false;
  }
  return [...lines, line];
}

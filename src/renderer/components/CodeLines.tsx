// The lines of a command, a program or a value. A line that does not fit goes on below, indented. The text of all parts is the code, character
// by character.
import { Fragment } from 'react';
import { codeLines, type CodePart, piecesOf } from './code-lines';
import classes from './CodeLines.module.css';

export function CodeLines({ code }: { readonly code: string }) {
  const lines = codeLines(code);
  return lines.map(({ indent, parts }, index) => (
    <Fragment key={index}>
      {parts.length > 0 && (
        <span className={classes['line']} style={hanging(Math.min(indent, DEEPEST) + 2)}>
          {parts.map((part, at) => (
            <Part key={at} {...part} />
          ))}
        </span>
      )}
      {index < lines.length - 1 && '\n'}
    </Fragment>
  ));
}

function Part({ text, wrap }: CodePart) {
  if (wrap !== 'long') return <span data-wrap={wrap}>{text}</span>;
  return piecesOf(text).map((piece, at) => (
    <Fragment key={at}>
      {at > 0 && <wbr />}
      {piece}
    </Fragment>
  ));
}

const hanging = (columns: number) => ({ paddingLeft: `${String(columns)}ch`, textIndent: `-${String(columns)}ch` });

/** Deeper lines go on as far to the left as these. */
const DEEPEST = 12;

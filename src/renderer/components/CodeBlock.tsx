// A command, a program or a file. A line that does not fit goes on below, indented. The text of the block is the code, character by character.
import { Fragment } from 'react';
import { codeLines } from './code-lines';
import classes from './CodeBlock.module.css';

export function CodeBlock({ label, code }: { readonly label: string; readonly code: string }) {
  const lines = codeLines(code);
  return (
    // A scrolling block must be reachable by keyboard.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
    <pre className={classes['code']} tabIndex={0} aria-label={label}>
      {lines.map(({ indent, parts }, index) => (
        <Fragment key={index}>
          {parts.length > 0 && (
            <span className={classes['line']} style={hanging(Math.min(indent, DEEPEST) + 2)}>
              {parts.map(({ text, wrap }, at) => (
                <span key={at} data-wrap={wrap}>
                  {text}
                </span>
              ))}
            </span>
          )}
          {index < lines.length - 1 && '\n'}
        </Fragment>
      ))}
    </pre>
  );
}

const hanging = (columns: number) => ({ paddingLeft: `${String(columns)}ch`, textIndent: `-${String(columns)}ch` });

/** Deeper lines go on as far to the left as these. */
const DEEPEST = 12;

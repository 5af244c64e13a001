// A command, a program or a file.
import { CodeLines } from './CodeLines';
import classes from './CodeBlock.module.css';

export const CodeBlock = ({ label, code }: { readonly label: string; readonly code: string }) => (
  // A scrolling block must be reachable by keyboard.
  // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- see above
  <pre className={classes['code']} tabIndex={0} aria-label={label}>
    <CodeLines code={code} />
  </pre>
);

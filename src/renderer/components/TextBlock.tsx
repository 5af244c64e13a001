// Unchanged text of a program or a job. Long text scrolls inside the block.
import { ScrollRegion } from './ScrollRegion';
import classes from './TextBlock.module.css';

export interface TextBlockProps {
  readonly label: string;
  readonly text: string;
  /** In a monospaced font. */
  readonly isCode?: boolean;
}

export const TextBlock = ({ label, text, isCode = false }: TextBlockProps) => (
  <ScrollRegion label={label} className={classes['block']}>
    <pre className={isCode ? undefined : classes['prose']}>{text}</pre>
  </ScrollRegion>
);

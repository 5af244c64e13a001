// Text of a program or a job, as it is: a long one scrolls in its own part.
import { ScrollRegion } from './ScrollRegion';
import classes from './TextBlock.module.css';

export interface TextBlockProps {
  readonly label: string;
  readonly text: string;
  /** In a font of equal widths. */
  readonly isCode?: boolean;
}

export const TextBlock = ({ label, text, isCode = false }: TextBlockProps) => (
  <ScrollRegion label={label} className={classes['block']}>
    <pre className={isCode ? undefined : classes['prose']}>{text}</pre>
  </ScrollRegion>
);

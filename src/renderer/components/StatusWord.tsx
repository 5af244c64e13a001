// A shape and its word, as tables, lists and the status bar show a state.
import { type Shape, StatusShape } from './StatusShape';
import classes from './StatusWord.module.css';

export function StatusWord({ shape, word }: { readonly shape: Shape; readonly word: string }) {
  return (
    <span className={classes['word']} data-shape={shape}>
      <StatusShape shape={shape} size={14} />
      {word}
    </span>
  );
}

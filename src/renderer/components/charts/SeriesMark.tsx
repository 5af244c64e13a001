// The colour of a part of a chart, beside its name in a table. The name says the same: the mark is hidden from screen readers.
import classes from './StackedBars.module.css';

/** `colour`: `1` to `6`, or `rest`. */
export const SeriesMark = ({ colour }: { readonly colour: string }) => (
  <span className={classes['mark']} data-series={colour} aria-hidden="true" />
);

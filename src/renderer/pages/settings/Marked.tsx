// A text in which the words of the search are underlined.
import { markedParts } from './settings-search';
import classes from './SettingRow.module.css';

export const Marked = ({ text, words }: { readonly text: string; readonly words: readonly string[] }) =>
  markedParts(text, words).map((part, index) =>
    index % 2 === 1 ? (
      <mark key={index} className={classes['mark']}>
        {part}
      </mark>
    ) : (
      part
    ),
  );

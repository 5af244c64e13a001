// The six digits that two people compare: two groups of three large boxes. A screen reader reads them one by one, as two groups.
import { useLabels } from '../i18n/use-labels';
import classes from './Digits.module.css';

/** `482` as `4 8 2`: a screen reader reads each digit, and not a number. */
export const spelled = (digits: string): string => Array.from(digits).join(' ');

export function Digits({ digits }: { readonly digits: string }) {
  const { t } = useLabels();
  const groups = [digits.slice(0, 3), digits.slice(3)];
  return (
    <div className={classes['digits']}>
      <span className="visually-hidden">{groups.map(spelled).join(t('punctuation.comma'))}</span>
      {groups.map((group, position) => (
        <span key={position} className={classes['group']} aria-hidden="true">
          {Array.from(group, (digit, index) => (
            <span key={index}>{digit}</span>
          ))}
        </span>
      ))}
    </div>
  );
}

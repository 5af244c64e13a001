// The six digits that two people compare: two groups of three large boxes. A screen reader reads them one by one, as two groups.
import { useLabels } from '../i18n/use-labels';
import classes from './Digits.module.css';

export function Digits({ digits }: { readonly digits: string }) {
  const { t } = useLabels();
  const groups = [digits.slice(0, 3), digits.slice(3)];
  return (
    <div className={classes['digits']}>
      <span className="visually-hidden">{groups.map((group) => [...group].join(' ')).join(t('punctuation.comma'))}</span>
      {groups.map((group, position) => (
        <span key={position} className={classes['group']} aria-hidden="true">
          {[...group].map((digit, index) => (
            <span key={index}>{digit}</span>
          ))}
        </span>
      ))}
    </div>
  );
}

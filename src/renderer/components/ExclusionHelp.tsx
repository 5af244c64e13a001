// What would change that a node is no candidate: one quiet line under the reason, the same wherever reasons are shown.
import type { ExclusionReason } from '../../shared/protocol/status';
import { useWords } from '../i18n/use-words';
import classes from './ExclusionHelp.module.css';

export function ExclusionHelp({ code }: { readonly code: ExclusionReason }) {
  const { t } = useWords();
  return <div className={classes['help']}>{t(`exclusion_help.${code}`)}</div>;
}

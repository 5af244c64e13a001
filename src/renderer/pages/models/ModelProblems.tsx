// Faults of model folders and manifests in plain words. The English text of the parser is a closed detail, for a person who helps.
import type { ModelProblem } from '../../../shared/api/agent-view';
import { CodeDetails } from '../../components/CodeDetails';
import { Path } from '../../components/Path';
import { useLabels } from '../../i18n/use-labels';
import classes from './ModelProblems.module.css';

export function ModelProblems({ problems }: { readonly problems: readonly ModelProblem[] }) {
  const { t } = useLabels();
  if (problems.length === 0) return null;
  return (
    <div className={classes['problems']}>
      <b>{t('models.problems', { count: problems.length })}</b>
      <ul>
        {problems.map(({ code, folder, field, reason }) => (
          <li key={`${folder} ${field}`}>
            <Path path={folder} />
            <p>{t(`models.problem.${code}`, { field })}</p>
            <CodeDetails code={field === '' ? reason : `${field}: ${reason}`} />
          </li>
        ))}
      </ul>
    </div>
  );
}

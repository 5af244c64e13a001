// Invalid manifests, with the place of the fault. The reason is in the English of the parser.
import type { ModelProblem } from '../../../shared/api/agent-view';
import { Dim } from '../../components/Dim';
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
        {problems.map(({ folder, field, reason }) => (
          <li key={`${folder} ${field}`}>
            <Path path={folder} />
            <Dim>
              {field !== '' && t('models.problem', { field })}
              <span lang="en">{reason}</span>
            </Dim>
          </li>
        ))}
      </ul>
    </div>
  );
}

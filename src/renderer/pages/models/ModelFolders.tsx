// No model yet: where one would be found, and how to put it there.
import { Dim } from '../../components/Dim';
import { Path } from '../../components/Path';
import { useWords } from '../../i18n/use-words';
import classes from './ModelFolders.module.css';

export function ModelFolders({ folders }: { readonly folders: readonly string[] }) {
  const { t } = useWords();
  return (
    <div className={classes['folders']}>
      <p>
        <b>{t('models.none')}</b> {t('models.none_how')}
      </p>
      <Dim as="p">{folders.length === 0 ? t('models.no_folders') : t('models.folders')}</Dim>
      <ul>
        {folders.map((folder) => (
          <li key={folder}>
            <Path path={folder} />
          </li>
        ))}
      </ul>
    </div>
  );
}

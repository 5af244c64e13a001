// In place of the rows of a table: the search and the filters leave none, and how to see all again.
import { useLabels } from '../../i18n/use-labels';
import { type PageName, parseRoute } from '../../routes';
import { goTo } from '../../store/use-route';
import { Dim } from '../Dim';
import { LinkButton } from '../LinkButton';

export function NoneFound({ page }: { readonly page: PageName }) {
  const { t, gap } = useLabels();
  const showAll = (): void => goTo({ ...parseRoute(window.location.hash), page, search: '', state: null, filters: [] }, { replace: true });
  return (
    <Dim as="p">
      {t('table.none_found')}
      {gap}
      <LinkButton onClick={showAll}>{t('table.show_all')}</LinkButton>
    </Dim>
  );
}

// What a page about this computer shows where the program runs no node: a scheduler alone.
import { useLabels } from '../i18n/use-labels';
import { hrefOf } from '../routes';
import { Card } from './Card';

export function NoNodeHere() {
  const { t, gap } = useLabels();
  return (
    <Card title={t('no_node.title')}>
      <p>
        {t('no_node.text')}
        {gap}
        <a href={hrefOf({ page: 'nodes' })}>{t('no_node.nodes')}</a>
      </p>
    </Card>
  );
}

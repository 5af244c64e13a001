// One line of the log: every field, the line as JSON, and filters for lines like this one.
import { Button } from '@mantine/core';
import type { LogLine } from '../../../shared/api/logs';
import { CopyButton } from '../../components/CopyButton';
import { Drawer } from '../../components/Drawer/Drawer';
import { Facts } from '../../components/Facts';
import { StatusLabel } from '../../components/StatusLabel';
import { TextBlock } from '../../components/TextBlock';
import { ExactTime } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { goTo, useRoute } from '../../store/use-route';
import { withFilter } from './log-filters';
import { jsonOf, LEVEL_SHAPES, sentenceOf } from './log-text';
import classes from './LogsPage.module.css';

export interface LogDrawerProps {
  readonly line: LogLine;
  readonly nameOf: (nodeId: string) => string | null;
}

export function LogDrawer({ line, nameOf }: LogDrawerProps) {
  const labels = useLabels();
  const { t } = labels;
  const route = useRoute();
  const { event, level, source, at, fields } = line;
  const nodeId = fields['node_id'];
  const only = (key: string, value: string): void =>
    goTo({ ...route, page: 'logs', id: null, filters: withFilter(route.filters, key, value) });
  return (
    <Drawer
      subject={line.id}
      title={sentenceOf(line, labels, nameOf)}
      marks={<StatusLabel shape={LEVEL_SHAPES[level]} label={t(`log_level.${level}`)} />}
      onClose={() => goTo({ ...route, page: 'logs', id: null })}
    >
      <div className={classes['line']}>
        <div className={classes['actions']}>
          <CopyButton value={jsonOf(line)} text={t('logs.copy_json')} />
          <Button variant="default" onClick={() => only('event', event)}>
            {t('logs.only_event')}
          </Button>
          {typeof nodeId === 'string' && (
            <Button variant="default" onClick={() => only('node', nodeId)}>
              {t('logs.only_node')}
            </Button>
          )}
        </div>
        <Facts
          facts={[
            [t('logs.time'), <ExactTime key="time" wallMs={at} />],
            [t('logs.event'), event],
            [t('logs.source'), t(`log_source.${source}`)],
          ]}
        />
        {Object.keys(fields).length > 0 && <TextBlock label={t('logs.fields')} text={JSON.stringify(fields, null, 2)} isCode />}
      </div>
    </Drawer>
  );
}

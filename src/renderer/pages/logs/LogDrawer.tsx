// One line of the log: every field, the line as JSON, and filters for lines like this one.
import { Button } from '@mantine/core';
import type { LogLine } from '../../../shared/api/logs';
import { CopyButton } from '../../components/CopyButton';
import { Drawer } from '../../components/Drawer/Drawer';
import { type Fact, Facts } from '../../components/Facts';
import { TextBlock } from '../../components/TextBlock';
import { ExactTime } from '../../components/Time';
import { useLabels } from '../../i18n/use-labels';
import { hrefOf } from '../../routes';
import { goTo, useRoute } from '../../store/use-route';
import { withFilter } from './log-filters';
import { LogLevel } from './LogLevel';
import { jsonOf, modelOfLine, sentenceOf } from './log-text';
import classes from './LogsPage.module.css';

export interface LogDrawerProps {
  readonly line: LogLine;
  readonly nameOf: (nodeId: string) => string | null;
  readonly modelOf: (jobId: string) => string | null;
}

export function LogDrawer({ line, nameOf, modelOf }: LogDrawerProps) {
  const labels = useLabels();
  const { t } = labels;
  const route = useRoute();
  const { event, level, source, at, fields } = line;
  const { node_id: nodeId, job_id: jobId } = fields;
  const model = modelOfLine(line, modelOf);
  const only = (key: string, value: string): void =>
    goTo({ ...route, page: 'logs', id: null, filters: withFilter(route.filters, key, value) });
  return (
    <Drawer
      subject={line.id}
      title={sentenceOf(line, labels, nameOf, modelOf)}
      marks={<LogLevel level={level} />}
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
            ...linkTo(t('logs.job'), jobId, 'jobs', typeof jobId === 'string' ? jobId : ''),
            ...linkTo(t('logs.node'), nodeId, 'nodes', typeof nodeId === 'string' ? (nameOf(nodeId) ?? nodeId) : ''),
            ...(model === null
              ? []
              : [
                  [
                    t('logs.model'),
                    <a key="model" href={hrefOf({ page: 'models', search: model })}>
                      {model}
                    </a>,
                  ] as const,
                ]),
            [t('logs.event'), event],
            [t('logs.source'), t(`log_source.${source}`)],
          ]}
        />
        {Object.keys(fields).length > 0 && (
          <details>
            <summary>{t('logs.fields')}</summary>
            <TextBlock label={t('logs.fields')} text={JSON.stringify(fields, null, 2)} isCode />
          </details>
        )}
      </div>
    </Drawer>
  );
}

/** None where the line does not name one. */
const linkTo = (name: string, id: unknown, page: 'jobs' | 'nodes', text: string): readonly Fact[] =>
  typeof id !== 'string' || id === ''
    ? []
    : [
        [
          name,
          <a key={page} href={hrefOf({ page, id })}>
            {text}
          </a>,
        ],
      ];

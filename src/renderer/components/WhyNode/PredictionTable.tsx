// Predicted seconds of nodes, term by term. The first node has a shape. The bars repeat the figures, so screen readers do not read them.
import type { PredictedNodeView } from '../../../shared/api/prediction';
import { Dim } from '../Dim';
import { NodeName } from '../NodeName';
import { StatusShape } from '../StatusShape';
import type { Shape } from '../../labels/shape';
import { useLabels } from '../../i18n/use-labels';
import { barOf, SHOWN_TERMS, shownSeconds } from './terms';
import classes from './PredictionTable.module.css';

/** Less is shown as `<0.1`, which is no figure for a difference. */
const LEAST_DISPLACED_SECONDS = 0.05;
const displaces = ({ terms }: Pick<PredictedNodeView, 'terms'>): boolean => terms.displaced >= LEAST_DISPLACED_SECONDS;

export interface PredictionTableProps {
  readonly nodes: readonly PredictedNodeView[];
  /** What the first nodes are, in the order of the nodes. */
  readonly marks: readonly string[];
  /** Of the first node. */
  readonly shape: Shape;
}

export function PredictionTable({ nodes, marks, shape }: PredictionTableProps) {
  const { t } = useLabels();
  const longest = Math.max(...nodes.map(({ seconds }) => seconds));
  // A time that no node needs is no column.
  const terms = SHOWN_TERMS.filter((term) => nodes.some((node) => node.terms[term] > 0));
  const isDisplacing = nodes.some(displaces);
  return (
    <div className={classes['predictions']}>
      <table className={classes['table']} aria-label={t('why_node.table')}>
        <thead>
          <tr>
            <th scope="col">{t('why_node.node')}</th>
            {terms.map((term) => (
              <th key={term} scope="col">
                <span className={classes['head']} data-term={term}>
                  <span>{t(`why_node.term.${term}`)}</span>
                </span>
              </th>
            ))}
            <th scope="col">{t('why_node.total')}</th>
          </tr>
        </thead>
        {nodes.map((node, index) => (
          <NodeRows
            key={node.node_id}
            node={node}
            terms={terms}
            shape={index === 0 ? shape : null}
            mark={marks[index] ?? null}
            longest={longest}
          />
        ))}
      </table>
      <div className={classes['notes']}>
        <Dim as="p">{t('why_node.unit')}</Dim>
        {isDisplacing && <Dim as="p">{t('why_node.displaced_note')}</Dim>}
      </div>
    </div>
  );
}

interface NodeRowsProps {
  readonly node: PredictedNodeView;
  /** The columns. */
  readonly terms: readonly (typeof SHOWN_TERMS)[number][];
  /** Null: not the first node. */
  readonly shape: Shape | null;
  readonly mark: string | null;
  readonly longest: number;
}

function NodeRows({ node, terms, shape, mark, longest }: NodeRowsProps) {
  const { t, format } = useLabels();
  const notes = useNotes(node);
  return (
    <tbody data-first={shape !== null || undefined}>
      <tr className={classes['figures']}>
        <th scope="row">
          <span className={classes['name']}>
            {shape !== null && <StatusShape shape={shape} size={14} />}
            <span>
              <NodeName nodeId={node.node_id} />
            </span>
          </span>
        </th>
        {terms.map((term) => (
          <td key={term} data-term={term} data-label={t(`why_node.term.${term}`)} data-zero={node.terms[term] === 0 || undefined}>
            {format.seconds(node.terms[term])}
          </td>
        ))}
        <td data-label={t('why_node.total')} data-total="">
          {format.seconds(shownSeconds(node))}
        </td>
      </tr>
      <tr>
        <td className={classes['more']} colSpan={terms.length + 2}>
          <div className={classes['bar']} aria-hidden="true">
            {barOf(node, longest).map(({ term, width }) => (
              <i key={term} data-term={term} style={{ width: `${String(width)}%` }} />
            ))}
          </div>
          {(mark !== null || notes.length > 0) && (
            <div className={classes['remarks']}>
              {mark !== null && <b>{mark}</b>}
              {notes.map((note) => (
                <span key={note}>{note}</span>
              ))}
            </div>
          )}
        </td>
      </tr>
    </tbody>
  );
}

function useNotes({ cached_tokens: cached, measured, terms }: PredictedNodeView): readonly string[] {
  const { t, format } = useLabels();
  return [
    ...(cached === 0 ? [] : [t('why_node.cached', { count: cached, tokens: format.number(cached) })]),
    ...(measured ? [] : [t('why_node.estimated')]),
    ...(displaces({ terms }) ? [t('why_node.displaced', { seconds: format.seconds(terms.displaced) })] : []),
  ];
}

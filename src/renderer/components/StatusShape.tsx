// One shape per status, told apart without colour: check, dotted ring with progress, triangle, arrow out of a box, hollow
// circle, crossed circle; and a dotted ring without progress while nobody knows. Of jobs: a ring with a dot (handed over),
// with a triangle (running), with a bar (stopped), with hands (too late).
import { assertNever } from '../../shared/assert-never';
import type { NodeStatus } from '../../shared/protocol/status';
import classes from './StatusShape.module.css';

export type Shape = NodeStatus | 'refused' | 'waiting' | 'assigned' | 'running' | 'stopped' | 'expired';

export interface StatusShapeProps {
  readonly shape: Shape;
  /** Pixels. */
  readonly size: number;
  /** For `registering`: how many of how many checks have passed. */
  readonly progress?: { readonly passed: number; readonly required: number } | undefined;
}

const RING = 18;
const CIRCUMFERENCE = 2 * Math.PI * RING;

/** Decoration: the word beside it says the same. */
export function StatusShape({ shape, size, progress }: StatusShapeProps) {
  return (
    <svg
      className={classes['shape']}
      data-shape={shape}
      width={size}
      height={size}
      viewBox="0 0 44 44"
      aria-hidden="true"
      focusable="false"
    >
      {drawing(shape, size, progress)}
    </svg>
  );
}

function drawing(shape: Shape, size: number, progress: StatusShapeProps['progress']) {
  switch (shape) {
    case 'ready':
      return (
        <>
          <circle cx="22" cy="22" r="20" className={classes['fill']} />
          <path d="M13 22.5l6.3 6.3L31.5 16" className={classes['cut']} />
        </>
      );
    case 'registering': {
      const share = progress === undefined || progress.required === 0 ? 0 : Math.min(1, progress.passed / progress.required);
      return (
        <>
          <circle cx="22" cy="22" r={RING} className={classes[size < 32 ? 'fewDots' : 'dots']} />
          {share > 0 && (
            <circle
              cx="22"
              cy="22"
              r={RING}
              className={classes['arc']}
              strokeDasharray={`${String(share * CIRCUMFERENCE)} ${String(CIRCUMFERENCE)}`}
              transform="rotate(-90 22 22)"
            />
          )}
          {progress !== undefined && size >= 32 && (
            <text x="22" y="26.5" textAnchor="middle" className={classes['count']}>
              {`${String(Math.min(progress.passed, progress.required))}/${String(progress.required)}`}
            </text>
          )}
        </>
      );
    }
    case 'degraded':
      return (
        <>
          <path d="M22 4.5L41.5 39.5H2.5Z" className={classes['fillRound']} />
          <path d="M22 17v10.5M22 33.2v.3" className={classes['cut']} />
        </>
      );
    case 'draining':
      return (
        <>
          <path d="M25 7H9a3 3 0 0 0-3 3v24a3 3 0 0 0 3 3h16" className={classes['line']} />
          <path d="M17 22h22M31 13.5l8.5 8.5-8.5 8.5" className={classes['line']} />
        </>
      );
    case 'offline':
      return <circle cx="22" cy="22" r="18" className={classes['line']} />;
    case 'refused':
      return (
        <>
          <circle cx="22" cy="22" r="18" className={classes['line']} />
          <path d="M15 15l14 14M29 15L15 29" className={classes['line']} />
        </>
      );
    case 'waiting':
      return <circle cx="22" cy="22" r={RING} className={classes[size < 32 ? 'fewDots' : 'dots']} />;
    case 'assigned':
      return (
        <>
          <circle cx="22" cy="22" r="18" className={classes['line']} />
          <circle cx="22" cy="22" r="6" className={classes['fill']} />
        </>
      );
    case 'running':
      return (
        <>
          <circle cx="22" cy="22" r="18" className={classes['line']} />
          <path d="M18 15.5v13L29 22Z" className={classes['fillRound']} />
        </>
      );
    case 'stopped':
      return (
        <>
          <circle cx="22" cy="22" r="18" className={classes['line']} />
          <path d="M14 22h16" className={classes['line']} />
        </>
      );
    case 'expired':
      return (
        <>
          <circle cx="22" cy="22" r="18" className={classes['line']} />
          <path d="M22 12v10l7 5" className={classes['line']} />
        </>
      );
    default:
      return assertNever(shape);
  }
}

// A path as code: where it is too long for its line it breaks between two names rather than inside one.
import { Fragment } from 'react';

/** Of Linux and macOS, and of Windows. */
const AFTER_SEPARATOR = /(?<=[/\\])/;

export function Path({ path, className }: { readonly path: string; readonly className?: string | undefined }) {
  return (
    <code className={className}>
      {path.split(AFTER_SEPARATOR).map((part, index) => (
        <Fragment key={index}>
          {index > 0 && <wbr />}
          {part}
        </Fragment>
      ))}
    </code>
  );
}

// A path or an address as code. A long text breaks between two names rather than inside a name.
import classes from './Path.module.css';

/** Matches after a separator (`/`, `\`, or the `//` of `http://`) that follows a name. */
const AFTER_SEPARATORS = /(?<=[^/\\][/\\]+)(?![/\\])/;

export function Path({ path, className }: { readonly path: string; readonly className?: string | undefined }) {
  return (
    <code className={className}>
      {path.split(AFTER_SEPARATORS).map((part, index) => (
        <span key={index} className={classes['part']}>
          {part}
        </span>
      ))}
    </code>
  );
}

// A path or an address as code. A long one breaks between two names rather than inside a name.
import classes from './Path.module.css';

/** After a separator that follows a name: of Linux and macOS, of Windows, and of `http://`. */
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

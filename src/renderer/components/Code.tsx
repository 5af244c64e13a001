// A code in small type, for support requests and for searching logs.
import classes from './Code.module.css';

export const Code = ({ children }: { readonly children: string }) => <code className={classes['code']}>{children}</code>;

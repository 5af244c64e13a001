// The program and the host, above a question for a key: a bookmark or a link may lead there.
import { Dim } from '../components/Dim';
import { Mark } from './icons';
import classes from './Gate.module.css';

export const GateBrand = () => (
  <p className={classes['brand']}>
    <Mark />
    <b>Muster</b>
    <Dim as="span">{window.location.host}</Dim>
  </p>
);

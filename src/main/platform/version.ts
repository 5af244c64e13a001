// The version of this build, from package.json.
export { version as VERSION } from '../../../package.json';

// The version of this build: package.json is the one place that says it.
export { version as VERSION } from '../../../package.json';

// A file that the build copies beside the program. The value is its path.
declare module '*.png?asset' {
  const file: string;
  export default file;
}

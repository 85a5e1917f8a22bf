/** A file that the executable carries; its path there. */
declare module "*.pack" {
  const path: string;
  export default path;
}

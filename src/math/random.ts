/** A seeded stream of random numbers, handed in wherever chance is needed. */
export type Random = {
  /** uniform in [0, 1) */
  next(): number;
  /** whole number, uniform in 0 … n − 1 */
  below(n: number): number;
  /** standard normal */
  normal(): number;
  /** an independent stream, the same for the same name whatever was drawn before */
  stream(name: string | number): Random;
};

/** A design matrix by columns: column j of n rows is columns[j]; names stand in results. No intercept column unless one is given. */
export type Design = { names: string[]; columns: Float64Array[]; n: number };

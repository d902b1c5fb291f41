/** One feature of the IBSI reference manual (arXiv:1612.07003; Radiology 2020;295:328). */
export type IbsiFeature<T> = {
  /** IBSI's name */
  name: string;
  /** IBSI's four-letter code */
  ibsi: string;
  /** "I" is the image's own intensity unit, "level" a grey level, "1" a pure number */
  unit: string;
  /** the value, NaN where it is not defined */
  of(t: T): number;
};

/** The features of one family under their tags, without the family's prefix. */
export type IbsiFeatures<T> = Record<string, IbsiFeature<T>>;

/** Every feature of one prepared object, under `prefix_tag` + suffix. */
export function valuesOf<T>(prefix: string, features: IbsiFeatures<T>, t: T, suffix = ""): Record<string, number> {
  const values: Record<string, number> = {};
  for (const tag in features) values[`${prefix}_${tag}${suffix}`] = features[tag].of(t);
  return values;
}

/**
 * Feature by feature mean over several matrices (slices, directions). A matrix in which a feature is not defined
 * is left out of that feature's mean; where none is left the mean is NaN.
 */
export function meanOf<T>(prefix: string, features: IbsiFeatures<T>, matrices: T[], suffix: string): Record<string, number> {
  const values: Record<string, number> = {};
  for (const tag in features) {
    let sum = 0;
    let n = 0;
    for (const m of matrices) {
      const value = features[tag].of(m);
      if (!Number.isNaN(value)) {
        sum += value;
        n++;
      }
    }
    values[`${prefix}_${tag}${suffix}`] = n === 0 ? NaN : sum / n;
  }
  return values;
}

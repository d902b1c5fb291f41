import { emphasisFeatures } from "./emphasis.js";

/** Grey level size zone matrix (IBSI 9SAK): zones of equal level, 26-connected in 3-D and 8-connected in a slice, by size. */
export const glszm = emphasisFeatures([
  ["sze", "5QRC", "Small zone emphasis"],
  ["lze", "48P8", "Large zone emphasis"],
  ["lgze", "XMSY", "Low grey level zone emphasis"],
  ["hgze", "5GN9", "High grey level zone emphasis"],
  ["szlge", "5RAI", "Small zone low grey level emphasis"],
  ["szhge", "HW1V", "Small zone high grey level emphasis"],
  ["lzlge", "YH51", "Large zone low grey level emphasis"],
  ["lzhge", "J17V", "Large zone high grey level emphasis"],
  ["glnu", "JNSA", "Grey level non-uniformity"],
  ["glnu_norm", "Y1RO", "Normalised grey level non-uniformity"],
  ["zsnu", "4JP3", "Zone size non-uniformity"],
  ["zsnu_norm", "VB3A", "Normalised zone size non-uniformity"],
  ["z_perc", "P30P", "Zone percentage"],
  ["gl_var", "BYLV", "Grey level variance"],
  ["zs_var", "3NSA", "Zone size variance"],
  ["zs_entr", "GU8N", "Zone size entropy"],
]);

import { emphasisFeatures } from "./emphasis.js";

/** Grey level run length matrix (IBSI TP0I): runs of equal level along one direction. */
export const glrlm = emphasisFeatures([
  ["sre", "22OV", "Short runs emphasis"],
  ["lre", "W4KF", "Long runs emphasis"],
  ["lgre", "V3SW", "Low grey level run emphasis"],
  ["hgre", "G3QZ", "High grey level run emphasis"],
  ["srlge", "HTZT", "Short run low grey level emphasis"],
  ["srhge", "GD3A", "Short run high grey level emphasis"],
  ["lrlge", "IVPO", "Long run low grey level emphasis"],
  ["lrhge", "3KUM", "Long run high grey level emphasis"],
  ["glnu", "R5YN", "Grey level non-uniformity"],
  ["glnu_norm", "OVBL", "Normalised grey level non-uniformity"],
  ["rlnu", "W92Y", "Run length non-uniformity"],
  ["rlnu_norm", "IC23", "Normalised run length non-uniformity"],
  ["r_perc", "9ZK5", "Run percentage"],
  ["gl_var", "8CE5", "Grey level variance"],
  ["rl_var", "SXLW", "Run length variance"],
  ["rl_entr", "HJ9O", "Run entropy"],
]);

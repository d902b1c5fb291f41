import { emphasisFeatures } from "./emphasis.js";

/**
 * Grey level distance zone matrix (IBSI VMDZ): the zones of the size zone matrix by their least distance to the border of the
 * morphological mask, counted in steps through faces (edges in a slice); the border itself is 1 (Thibault et al., 2014).
 */
export const gldzm = emphasisFeatures([
  ["sde", "0GBI", "Small distance emphasis"],
  ["lde", "MB4I", "Large distance emphasis"],
  ["lgze", "S1RA", "Low grey level zone emphasis"],
  ["hgze", "K26C", "High grey level zone emphasis"],
  ["sdlge", "RUVG", "Small distance low grey level emphasis"],
  ["sdhge", "DKNJ", "Small distance high grey level emphasis"],
  ["ldlge", "A7WM", "Large distance low grey level emphasis"],
  ["ldhge", "KLTH", "Large distance high grey level emphasis"],
  ["glnu", "VFT7", "Grey level non-uniformity"],
  ["glnu_norm", "7HP3", "Normalised grey level non-uniformity"],
  ["zdnu", "V294", "Zone distance non-uniformity"],
  ["zdnu_norm", "IATH", "Normalised zone distance non-uniformity"],
  ["z_perc", "VIWW", "Zone percentage"],
  ["gl_var", "QK93", "Grey level variance"],
  ["zd_var", "7WT1", "Zone distance variance"],
  ["zd_entr", "GBDU", "Zone distance entropy"],
]);

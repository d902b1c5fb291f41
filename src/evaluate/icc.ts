// Reliability of readings is needed left of here too, by the selection of stable features: the method itself lives in math.
export { icc, iccForms, type IccEstimate, type IccForm, type IccResult } from "../math/index.js";

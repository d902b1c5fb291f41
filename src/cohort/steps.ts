import type { Step } from "./step.js";
import { combat } from "./steps/combat.js";
import { minMax, robust, zScore } from "./steps/scale.js";
import { yeoJohnson } from "./steps/yeoJohnson.js";

/** Every step by its name; tests pick up each entry by themselves. */
export const steps: readonly Step[] = [zScore, minMax, robust, yeoJohnson, combat];

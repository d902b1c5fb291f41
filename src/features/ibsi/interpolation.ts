import type { Stage } from "./diagnostics.js";
import type { IbsiOptions } from "./options.js";

export function interpolated(stage: Stage, _o: IbsiOptions, _who: string): Stage {
  return stage;
}

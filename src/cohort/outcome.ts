/** event[k] 1: the patient has it. `event` names what 1 means, for reports. */
export type BinaryOutcome = { kind: "binary"; event: Uint8Array; name: string };
/** Right-censored follow-up: event 1 at `time`, or 0 censored there. `cause` (0 censored, 1 of interest, 2 … others) where risks compete. */
export type SurvivalOutcome = { kind: "survival"; time: Float64Array; event: Uint8Array; unit: string; name: string; cause?: Uint8Array };
export type ContinuousOutcome = { kind: "continuous"; value: Float64Array; name: string; unit?: string };
export type Outcome = BinaryOutcome | SurvivalOutcome | ContinuousOutcome;

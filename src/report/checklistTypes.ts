import type { StudyResults } from "./results.js";

/** A condition under which METRICS counts an item. */
export type MetricsCondition = "segmentation" | "fully automated segmentation" | "hand-crafted" | "tabular" | "end-to-end DL";
/** An item of a standard: its number where that is certain, its title, and the topic that answers it. */
export type ChecklistItem = { no?: string; item: string; topic: string };
export type MetricsItem = ChecklistItem & { weight: number; condition?: MetricsCondition };
export type Checklist = { id: "CLEAR" | "METRICS" | "TRIPOD+AI"; title: string; credit: string; items: ChecklistItem[] };

/**
 * What the run itself can say to a topic. "reported": the folder holds it whole; "partly": a part of it, `toWrite` the rest; "user":
 * the run knows nothing of it. `where` is an id on the report's page, or a file of the folder.
 */
export type Answer = { state: "reported" | "partly" | "user"; sentence: string; where?: string; toWrite?: string };
/** With the user's own statement (plan: report.statements), by topic or by item ("CLEAR 8"). */
export type FilledAnswer = Omit<Answer, "state"> & { state: Answer["state"] | "stated"; statement?: string };
export type TopicAnswers = Record<string, (results: StudyResults) => Answer>;

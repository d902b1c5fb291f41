import type { Checklist, ChecklistItem, FilledAnswer } from "./checklistTypes.js";
import type { StudyResults } from "./results.js";
import { topicAnswers } from "./topicAnswers.js";

const plain = (key: string) => key.toLowerCase().replace(/[\s_\-:]+/g, " ").trim();

/** The user's statement under one of these keys (plan: report.statements), upper and lower case and hyphens alike. */
export function statementFor(results: StudyResults, keys: readonly string[]): string | undefined {
  const wanted = keys.map(plain);
  const found = Object.entries(results.report?.statements ?? {}).find(([key, text]) => wanted.includes(plain(key)) && text.trim() !== "");
  return found?.[1];
}

/** What the run and the user say to an item. A statement is by topic ("ethics") or item ("CLEAR 8"); the item's own goes first. */
export function fillAnswer(results: StudyResults, list: Checklist, item: ChecklistItem): FilledAnswer {
  const answer = topicAnswers[item.topic](results);
  const statement = statementFor(results, item.no === undefined ? [] : [`${list.id} ${item.no}`]) ?? statementFor(results, [item.topic]);
  if (statement === undefined) return answer;
  const { toWrite: _, ...rest } = answer;
  return { ...rest, state: answer.state === "reported" ? "reported" : "stated", statement };
}

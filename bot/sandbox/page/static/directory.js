// Looks up people and channels while somebody types.
import { user } from "./regions.js";

// Answers [{id, name, note}], at most twenty; nothing while the server is away.
export async function find(kind, words, more = {}) {
  try {
    const answer = await fetch(`/page/find/${user}?${new URLSearchParams({ kind, q: words, ...more })}`);
    return answer.ok ? (await answer.json()).found : [];
  } catch (error) {
    if (error instanceof TypeError) return [];
    throw error;
  }
}

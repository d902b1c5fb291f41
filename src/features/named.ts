import { InputError } from "../math/index.js";

/** Runs a case so that every InputError that leaves it opens with the case's name. */
export async function named<T>(who: string, run: (who: string) => Promise<T>): Promise<T> {
  try {
    return await run(who);
  } catch (error) {
    if (!(error instanceof InputError) || error.message.startsWith(who)) throw error;
    throw new InputError(`${who}: ${error.message}`, { cause: error });
  }
}

/** The same for items that are made one by one. */
export async function* namedEach<T>(who: string, items: AsyncIterator<T>): AsyncGenerator<T> {
  for (;;) {
    const next = await named(who, () => items.next());
    if (next.done === true) return;
    yield next.value;
  }
}

/** Does something so many times, at most so many at once; the answers by number. */
export async function inParallel<T>(
  count: number,
  atOnce: number,
  work: (number: number) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const number = next;
      next += 1;
      answers[number] = await work(number);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, worker));
  return answers;
}

/** So many rounds, and what each few dozen of them take place in. */
interface Rooms<Room> {
  readonly count: number;
  readonly atOnce: number;
  readonly open: () => Promise<Room>;
}

/** As `inParallel`; after so many rounds a new room is opened, since some places get slower as they fill up. */
export async function inRooms<Room, T>(
  { count, atOnce, open }: Rooms<Room>,
  work: (room: Room, number: number) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  for (let first = 0; first < count; first += roundsInRoom) {
    const room = await open();
    const rounds = Math.min(roundsInRoom, count - first);
    answers.push(...(await inParallel(rounds, atOnce, (number) => work(room, first + number))));
  }
  return answers;
}

const roundsInRoom = 50;

/** Resolves after up to so many milliseconds, or at once: so that what races does not always meet in one order. */
export async function aMoment(most: number): Promise<void> {
  const milliseconds = Math.random() * most;
  if (milliseconds > 0.2) await new Promise((resolve) => setTimeout(resolve, milliseconds));
}

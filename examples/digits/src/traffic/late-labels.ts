/** A true label on its way. */
interface LateLabel {
  readonly id: string;
  readonly actual: string;
}

/** Labels that wait until somebody has looked at the image. */
export interface LateLabels {
  readonly waiting: number;
  /** Says false, and keeps nothing, when there is no room. Due times must not fall. */
  add(label: LateLabel, dueMs: number): boolean;
  /** Removes and returns what is due, oldest first, at most `most`. */
  takeDue(nowMs: number, most: number): readonly LateLabel[];
}

/** @param room - How many may wait at a time. */
export function lateLabels(room: number): LateLabels {
  const queue: { label: LateLabel; dueMs: number }[] = [];
  return {
    get waiting() {
      return queue.length;
    },
    add(label, dueMs) {
      if (queue.length >= room) return false;
      queue.push({ label, dueMs });
      return true;
    },
    takeDue(nowMs, most) {
      const notDue = queue.findIndex(({ dueMs }) => dueMs > nowMs);
      const due = notDue === -1 ? queue.length : notDue;
      return queue.splice(0, Math.min(due, most)).map(({ label }) => label);
    },
  };
}

/** What is said of a tag, under which usage is told apart. Keys may bear tags of which nothing is said. */
export interface Tag {
  readonly name: string;
  readonly description: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface TagRecords {
  /** Of these names, or all; in the order of the names. */
  list(names?: readonly string[]): Promise<Tag[]>;
  /** False if it is there. */
  insert(tag: Omit<Tag, 'createdAt' | 'updatedAt'>): Promise<boolean>;
  /** False if it is not there. */
  update(name: string, change: Partial<Pick<Tag, 'description' | 'metadata'>>): Promise<boolean>;
  /** False if it is not there. */
  remove(name: string): Promise<boolean>;
}

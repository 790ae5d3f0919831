package io.kubra.apiserver.cache;

/** Decides which objects a list or watch shows; works on the index record alone. */
@FunctionalInterface
public interface ObjectFilter {

  /** Accepts everything. */
  ObjectFilter ALL = o -> true;

  /** Whether the object is shown. */
  boolean accepts(StoredObject object);
}

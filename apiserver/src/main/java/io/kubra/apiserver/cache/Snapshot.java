package io.kubra.apiserver.cache;

/** All objects of a resource at one revision. Immutable. */
public record Snapshot(long revision, SortedTree<StoredObject> objects) {}

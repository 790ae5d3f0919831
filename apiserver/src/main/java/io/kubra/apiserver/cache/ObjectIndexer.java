package io.kubra.apiserver.cache;

import io.kubra.api.json.Json;
import io.kubra.api.tree.Trees;
import io.kubra.store.Entry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link StoredObject}s from stored bytes. Objects written by this process were decoded just
 * before, so the writer leaves the index record here and the bytes are not parsed again.
 */
public final class ObjectIndexer {
  private final Function<Map<String, Object>, Map<String, String>> selectableFields;
  private final Map<Bytes, StoredObject> written = new ConcurrentHashMap<>();

  /** Stored bytes as a key: a store may hand out the array it was given, or an equal one. */
  private record Bytes(byte[] array) {
    @Override
    public boolean equals(@Nullable Object o) {
      return o instanceof Bytes b && Arrays.equals(b.array, array);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(array);
    }
  }

  public ObjectIndexer(Function<Map<String, Object>, Map<String, String>> selectableFields) {
    this.selectableFields = selectableFields;
  }

  /** Prepares a tree for the store: its bytes and index record, still without a revision. */
  public StoredObject prepare(String key, Map<String, Object> tree) {
    Map<String, Object> ordered = StoredObject.storageForm(tree);
    return index(key, 0, ordered, Json.write(ordered));
  }

  /** Remembers a prepared object until its event arrives; call before it is put. */
  public void announce(StoredObject prepared) {
    written.put(new Bytes(prepared.json()), prepared);
  }

  /** Forgets an announced object that was not written after all. */
  public void retract(StoredObject prepared) {
    written.remove(new Bytes(prepared.json()));
  }

  /** The object of a store entry. */
  public StoredObject fromStore(String key, byte[] json, long revision) {
    StoredObject known = written.remove(new Bytes(json));
    return known != null ? known.at(revision) : index(key, revision, Json.parseObject(json), json);
  }

  /** The object of a store entry, decoded anew. */
  public StoredObject decode(Entry entry) {
    return index(entry.key(), entry.modRevision(), Json.parseObject(entry.value()), entry.value());
  }

  private StoredObject index(String key, long revision, Map<String, Object> tree, byte[] json) {
    return new StoredObject(
        key,
        revision,
        Trees.stringOr(tree, "", "metadata", "namespace"),
        Trees.stringOr(tree, "", "metadata", "name"),
        labels(tree),
        selectableFields.apply(tree),
        json,
        StoredObject.spliceOf(json));
  }

  private static Map<String, String> labels(Map<String, Object> tree) {
    Map<String, Object> labels = Trees.map(tree, "metadata", "labels");
    if (labels == null || labels.isEmpty()) {
      return Map.of();
    }
    Map<String, String> copy = HashMap.newHashMap(labels.size());
    labels.forEach((k, v) -> copy.put(k, String.valueOf(v)));
    return copy;
  }
}

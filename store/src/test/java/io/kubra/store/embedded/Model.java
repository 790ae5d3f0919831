package io.kubra.store.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.kubra.store.Deleted;
import io.kubra.store.Entry;
import io.kubra.store.Range;
import io.kubra.store.RevisionMismatchException;
import io.kubra.store.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A store as one would write it in ten minutes: a copy of everything for every revision. */
final class Model {
  private final List<NavigableMap<String, Entry>> states = new ArrayList<>();

  Model() {
    states.add(new TreeMap<>());
    states.add(new TreeMap<>());
  }

  long revision() {
    return states.size() - 1;
  }

  NavigableMap<String, Entry> now() {
    return states.getLast();
  }

  /** Forgets everything after a revision. */
  void rollBack(long revision) {
    while (revision() > revision) {
      states.removeLast();
    }
  }

  Entry put(String key, byte[] value, long expected) {
    Entry actual = now().get(key);
    if (expected != Store.ANY && expected != (actual == null ? 0 : actual.modRevision())) {
      throw new RevisionMismatchException(key, expected, actual);
    }
    long revision = revision() + 1;
    Entry entry =
        actual == null
            ? new Entry(key, value, revision, revision, 1)
            : new Entry(key, value, actual.createRevision(), revision, actual.version() + 1);
    NavigableMap<String, Entry> next = new TreeMap<>(now());
    next.put(key, entry);
    states.add(next);
    return entry;
  }

  Deleted delete(String key, long expected) {
    Entry actual = now().get(key);
    if (actual == null || (expected != Store.ANY && expected != actual.modRevision())) {
      throw new RevisionMismatchException(key, expected, actual);
    }
    NavigableMap<String, Entry> next = new TreeMap<>(now());
    next.remove(key);
    states.add(next);
    return new Deleted(actual, revision());
  }

  /** Checks a read of the store against the state of that revision. */
  void verify(Store store, String start, String end, int limit, long revision, String context) {
    Range range = store.range(start, end, limit, revision);
    long at = revision == 0 ? revision() : revision;
    NavigableMap<String, Entry> state = states.get((int) at);
    List<Entry> expected =
        state.tailMap(start, true).values().stream()
            .takeWhile(e -> end.isEmpty() || e.key().compareTo(end) < 0)
            .toList();
    assertThat(range.revision()).as(context).isEqualTo(at);
    assertThat(range.count()).as(context).isEqualTo(expected.size());
    int shown = limit == 0 ? expected.size() : Math.min(limit, expected.size());
    assertThat(range.more()).as(context).isEqualTo(shown < expected.size());
    assertThat(range.entries()).as(context).hasSize(shown);
    for (int i = 0; i < shown; i++) {
      assertSame(range.entries().get(i), expected.get(i), context);
    }
  }

  static void assertSame(@Nullable Entry actual, @Nullable Entry expected, String context) {
    if (expected == null || actual == null) {
      assertThat(actual).as(context).isEqualTo(expected);
      return;
    }
    assertThat(actual.toString()).as(context).isEqualTo(expected.toString());
    assertThat(actual.createRevision()).as(context).isEqualTo(expected.createRevision());
    assertThat(Arrays.equals(actual.value(), expected.value())).as(context).isTrue();
  }
}

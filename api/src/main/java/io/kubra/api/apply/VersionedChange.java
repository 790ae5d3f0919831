package io.kubra.api.apply;

import io.kubra.api.schema.Schema;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A change of an object, as the manager of each entry sees it: in the version it wrote in. */
final class VersionedChange {
  private static final Seen NOTHING = new Seen(new FieldSet(), new FieldSet());

  private final String apiVersion;
  private final Seen own;
  private final boolean same;
  private final Map<String, Object> before;
  private final Map<String, Object> after;
  private final FieldSet ignored;
  private final @Nullable FieldVersions versions;
  private final Map<String, Seen> others = new HashMap<>(2);

  private record Seen(FieldSet removed, FieldSet written) {
    static Seen of(Comparison change) {
      return new Seen(change.removed, change.written());
    }
  }

  /**
   * @param own the change in the version that is written
   * @param ignored fields that the endpoint does not let its callers change
   * @param versions null if fields have the same places in all versions
   */
  VersionedChange(
      String apiVersion,
      Comparison own,
      Map<String, Object> before,
      Map<String, Object> after,
      FieldSet ignored,
      @Nullable FieldVersions versions) {
    this.apiVersion = apiVersion;
    this.own = Seen.of(own);
    this.same = own.same();
    this.before = before;
    this.after = after;
    this.ignored = ignored;
    this.versions = versions;
  }

  FieldSet removedFrom(ManagedEntry entry) {
    return of(entry).removed();
  }

  FieldSet writtenTo(ManagedEntry entry) {
    return of(entry).written();
  }

  private Seen of(ManagedEntry entry) {
    FieldVersions converted = versions;
    if (converted == null || entry.apiVersion().equals(apiVersion)) {
      return own;
    }
    return others.computeIfAbsent(entry.apiVersion(), version -> compare(version, converted));
  }

  private Seen compare(String version, FieldVersions converted) {
    Schema schema = converted.schema(version);
    if (schema == null || same) {
      return NOTHING;
    }
    Map<String, Object> then = before.isEmpty() ? before : converted.convert(before, version);
    Map<String, Object> now = converted.convert(after, version);
    return then == null || now == null
        ? NOTHING
        : Seen.of(Comparison.of(schema, then, now).without(ignored));
  }
}

package io.kubra.api.apply;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Carries ownership between an object and its scale subresource: who owns the replica count of one
 * owns that of the other, wherever the object keeps it.
 */
public final class ScaleFields {
  private static final List<String> SCALE_REPLICAS = List.of("f:spec", "f:replicas");
  private static final String SCALE_VERSION = "autoscaling/v1";

  private final List<String> replicas;
  private final String apiVersion;

  /**
   * @param replicasPath where the object keeps its replica count, such as spec, replicas
   * @param apiVersion the object's version, which new entries of it get
   */
  public ScaleFields(List<String> replicasPath, String apiVersion) {
    this.replicas = replicasPath.stream().map(PathElement::field).toList();
    this.apiVersion = apiVersion;
  }

  /** The managedFields of the scale of an object: the entries that own its replica count. */
  public List<Object> toScale(@Nullable List<Object> managedFields) {
    List<Object> scale = new ArrayList<>();
    FieldSet onlyReplicas = FieldSet.of(List.of(SCALE_REPLICAS));
    for (ManagedEntry entry : ManagedFields.read(managedFields).entries()) {
      if (entry.fields().has(replicas)) {
        scale.add(withFields(entry, SCALE_VERSION, onlyReplicas));
      }
    }
    return scale;
  }

  /**
   * The managedFields of an object after a write to its scale.
   *
   * @param managedFields the object's entries before
   * @param scaleFields the entries of the written scale
   * @param previousScaleFields the entries the scale was given before the write
   */
  public List<Object> toParent(
      @Nullable List<Object> managedFields,
      @Nullable List<Object> scaleFields,
      @Nullable List<Object> previousScaleFields) {
    ManagedFields managed = ManagedFields.read(managedFields);
    ManagedFields scale = ManagedFields.read(scaleFields);
    ManagedFields previous = ManagedFields.read(previousScaleFields);
    FieldSet path = FieldSet.of(List.of(replicas));
    if (!holdsSame(previous, scale)) {
      managed.release(entry -> path, null);
    }
    for (ManagedEntry entry : scale.entries()) {
      if (entry.fields().has(SCALE_REPLICAS)) {
        ManagedEntry.Id id = parentId(entry, managed);
        ManagedEntry owner = managed.get(id);
        FieldSet fields = owner == null ? path : owner.fields().union(path);
        Instant time = entry.time().isEmpty() ? Instant.EPOCH : Instant.parse(entry.time());
        String version = owner == null ? apiVersion : owner.apiVersion();
        managed.put(new ManagedEntry(id, version, time, fields));
      }
    }
    managed.dropEmpty();
    return managed.toTree();
  }

  /** An entry of the scale belongs to the object's own entry of that manager, if it has one. */
  private ManagedEntry.Id parentId(ManagedEntry scale, ManagedFields managed) {
    ManagedEntry.Id id = scale.id();
    for (ManagedEntry entry : managed.entries()) {
      ManagedEntry.Id other = entry.id();
      if (other.manager().equals(id.manager())
          && other.operation().equals(id.operation())
          && other.subresource().equals(id.subresource())) {
        return other;
      }
    }
    String version = id.applier() ? "" : apiVersion;
    return new ManagedEntry.Id(id.manager(), id.operation(), version, id.subresource());
  }

  private static boolean holdsSame(ManagedFields left, ManagedFields right) {
    return left.toTree().equals(right.toTree());
  }

  private static Map<String, Object> withFields(
      ManagedEntry entry, String version, FieldSet fields) {
    Map<String, Object> tree = new LinkedHashMap<>(entry.toTree());
    tree.put("apiVersion", version);
    tree.put("fieldsV1", fields.toFieldsV1());
    return tree;
  }
}

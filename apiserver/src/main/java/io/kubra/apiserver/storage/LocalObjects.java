package io.kubra.apiserver.storage;

import io.kubra.api.meta.GroupResource;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.schema.ResourceInfo;
import io.kubra.api.selector.LabelSelector;
import io.kubra.api.status.ApiException;
import io.kubra.api.tree.Trees;
import io.kubra.apiserver.registry.ChangeEvent;
import io.kubra.apiserver.registry.ObjectAccess;
import io.kubra.apiserver.registry.ObjectReader;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The server's own hands on its objects. */
public final class LocalObjects implements ObjectAccess {
  private static final String MANAGER = "kube-apiserver";

  private final ServedResources resources;
  private final ObjectReader reader;
  private final ObjectWriter writer;

  public LocalObjects(ServedResources resources, ObjectReader reader, ObjectWriter writer) {
    this.resources = resources;
    this.reader = reader;
    this.writer = writer;
  }

  @Override
  public @Nullable Map<String, Object> get(GroupResource resource, String namespace, String name) {
    return reader.get(resource, namespace, name);
  }

  @Override
  public List<Map<String, Object>> list(GroupResource resource, @Nullable String namespace) {
    return reader.list(resource, namespace);
  }

  @Override
  public @Nullable ResourceInfo resourceOf(GroupVersionKind kind) {
    return reader.resourceOf(kind);
  }

  @Override
  public @Nullable Map<String, Object> get(ResourceInfo version, String namespace, String name) {
    return reader.get(version, namespace, name);
  }

  @Override
  public List<Map<String, Object>> list(ResourceInfo version, @Nullable String namespace) {
    return reader.list(version, namespace);
  }

  @Override
  public List<Map<String, Object>> list(
      GroupResource resource, @Nullable String namespace, LabelSelector labels) {
    return reader.list(resource, namespace, labels);
  }

  @Override
  public void onChange(GroupResource resource, Consumer<ChangeEvent> listener) {
    reader.onChange(resource, listener);
  }

  @Override
  public Map<String, Object> create(GroupResource resource, Map<String, Object> object) {
    ServedResource r = served(resource);
    Map<String, Object> own = typed(r, object);
    return writer.create(r, namespace(own), own, Write.internal(MANAGER)).tree();
  }

  @Override
  public Map<String, Object> update(GroupResource resource, Map<String, Object> object) {
    return update(resource, object, UpdateScope.OBJECT);
  }

  @Override
  public Map<String, Object> updateStatus(GroupResource resource, Map<String, Object> object) {
    return update(resource, object, UpdateScope.STATUS);
  }

  @Override
  public void delete(GroupResource resource, String namespace, String name) {
    try {
      writer.delete(
          served(resource), namespace, name, DeleteOptions.DEFAULT, Write.internal(MANAGER));
    } catch (ApiException e) {
      if (e.code() != 404) {
        throw e;
      }
    }
  }

  private Map<String, Object> update(
      GroupResource resource, Map<String, Object> object, UpdateScope scope) {
    ServedResource r = served(resource);
    Map<String, Object> own = typed(r, object);
    return writer
        .update(
            r,
            scope,
            namespace(own),
            Metadata.name(own),
            current -> Trees.deepCopy(own),
            Write.internal(MANAGER))
        .object()
        .tree();
  }

  private static Map<String, Object> typed(ServedResource r, Map<String, Object> object) {
    Map<String, Object> own = Trees.deepCopy(object);
    own.put("apiVersion", r.storageApiVersion());
    own.put("kind", r.kind());
    return own;
  }

  private static String namespace(Map<String, Object> object) {
    return Trees.stringOr(object, "", "metadata", "namespace");
  }

  private ServedResource served(GroupResource resource) {
    ServedResource r = resources.storageOf(resource);
    if (r == null) {
      throw new IllegalArgumentException("not served: " + resource);
    }
    return r;
  }
}

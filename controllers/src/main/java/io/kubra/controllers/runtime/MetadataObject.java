package io.kubra.controllers.runtime;

import io.kubra.model.Codec;
import io.kubra.model.KubernetesObject;
import io.kubra.model.ResourceType;
import io.kubra.model.meta.v1.ObjectMeta;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;

/** Any object, of which only the metadata is kept, without annotations and managed fields. */
public record MetadataObject(String apiVersion, String kind, ObjectMeta metadata)
    implements KubernetesObject {

  /** The resource whose objects are read this way. */
  public static ResourceType<MetadataObject> type(ServerResources.Resource resource) {
    String apiVersion =
        resource.group().isEmpty()
            ? resource.version()
            : resource.group() + "/" + resource.version();
    return new ResourceType<>(
        resource.group(),
        resource.version(),
        resource.name(),
        resource.kind(),
        resource.namespaced(),
        MetadataObject.class,
        p -> read(apiVersion, resource.kind(), p));
  }

  private static MetadataObject read(String apiVersion, String kind, JsonParser p) {
    Codec.startObject(p);
    ObjectMeta metadata = ObjectMeta.empty();
    for (String name = p.nextName(); name != null; name = p.nextName()) {
      p.nextToken();
      if (name.equals("metadata")) {
        // What managers own is large and of no use here.
        metadata =
            ObjectMeta.read(p).toBuilder()
                .managedFields(java.util.List.of())
                .annotations(java.util.Map.of())
                .build();
      } else {
        p.skipChildren();
      }
    }
    return new MetadataObject(apiVersion, kind, metadata);
  }

  @Override
  public KubernetesObject withMetadata(ObjectMeta other) {
    return new MetadataObject(apiVersion, kind, other);
  }

  @Override
  public void write(JsonGenerator g) {
    g.writeStartObject();
    g.writeStringProperty("kind", kind);
    g.writeStringProperty("apiVersion", apiVersion);
    g.writeName("metadata");
    metadata.write(g);
    g.writeEndObject();
  }
}

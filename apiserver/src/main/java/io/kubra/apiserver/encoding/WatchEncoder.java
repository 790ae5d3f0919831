package io.kubra.apiserver.encoding;

import io.kubra.api.json.Json;
import io.kubra.api.protobuf.ProtobufCodec;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.cache.CacheEvent;
import io.kubra.apiserver.cache.StoredObject;
import io.kubra.apiserver.encoding.OutputFormat.Encoding;
import io.kubra.apiserver.encoding.OutputFormat.View;
import io.kubra.apiserver.storage.ServedResource;
import io.kubra.apiserver.table.TableConverter;
import io.kubra.apiserver.table.TableConverter.IncludeObject;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Encodes the events of one watch; plain JSON frames are shared with all other watches. */
public final class WatchEncoder {
  private final ServedResource resource;
  private final OutputFormat format;
  private final IncludeObject include;
  private final Clock clock;
  private boolean columnsSent;

  public WatchEncoder(
      ServedResource resource, OutputFormat format, String includeObject, Clock clock) {
    this.resource = resource;
    this.format = new OutputFormat(format.encoding(), format.view(), format.tableVersion(), false);
    this.include = IncludeObject.of(includeObject);
    this.clock = clock;
  }

  /** The response's media type. */
  public String contentType() {
    return format.encoding() == Encoding.PROTOBUF
        ? "application/vnd.kubernetes.protobuf;stream=watch"
        : "application/json";
  }

  /** Whether the events are JSON. */
  public boolean isText() {
    return format.encoding() != Encoding.PROTOBUF;
  }

  /** An object that existed when the watch began. */
  public byte[] added(StoredObject object) {
    return shared()
        ? CacheEvent.frame(CacheEvent.Type.ADDED, object)
        : encode("ADDED", view(object));
  }

  /** Objects that existed when the watch began. */
  public List<byte[]> added(List<StoredObject> objects) {
    List<byte[]> frames = new ArrayList<>(objects.size());
    if (shared() || format.view() == View.TABLE) {
      objects.forEach(o -> frames.add(added(o)));
      return frames;
    }
    for (Map<String, Object> tree : resource.servedAll(objects)) {
      frames.add(
          encode(
              "ADDED",
              format.view() == View.METADATA
                  ? TableConverter.partial(tree, format.tableVersion())
                  : tree));
    }
    return frames;
  }

  /** A change. */
  public byte[] event(CacheEvent event, CacheEvent.Type type) {
    if (shared()) {
      return event.frame(type);
    }
    // conversion may cost a call to somewhere else, so its outcome is shared, too
    return format.isStoredForm()
        ? event.frame(type, resource, () -> encode(type.name(), view(event.shown(type))))
        : encode(type.name(), view(event.shown(type)));
  }

  /** A bookmark: everything up to the revision was sent. */
  public byte[] bookmark(long revision, boolean initialEventsEnd) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("resourceVersion", Long.toString(revision));
    metadata.put("creationTimestamp", null);
    if (initialEventsEnd) {
      metadata.put("annotations", Map.of("k8s.io/initial-events-end", "true"));
    }
    Map<String, Object> object = new LinkedHashMap<>();
    object.put("kind", resource.kind());
    object.put("apiVersion", resource.apiVersion());
    object.put("metadata", metadata);
    Map<String, Object> shown =
        switch (format.view()) {
          case OBJECT -> object;
          case METADATA -> TableConverter.partial(object, format.tableVersion());
          case TABLE -> table(List.of(), metadata);
        };
    return encode("BOOKMARK", shown);
  }

  /** The end of a watch that cannot go on. */
  public byte[] error(ApiException e) {
    return encode("ERROR", e.toStatus());
  }

  private boolean shared() {
    return format.isStoredForm() && !resource.converted();
  }

  private Map<String, Object> view(StoredObject object) {
    Map<String, Object> tree = Responder.served(resource, object);
    return switch (format.view()) {
      case OBJECT -> tree;
      case METADATA -> TableConverter.partial(tree, format.tableVersion());
      case TABLE -> {
        Map<String, Object> metadata = new LinkedHashMap<>();
        metadata.put("resourceVersion", Long.toString(object.revision()));
        yield table(List.of(tree), metadata);
      }
    };
  }

  private Map<String, Object> table(
      List<Map<String, Object>> objects, Map<String, Object> metadata) {
    Map<String, Object> table =
        TableConverter.table(
            resource.printer(),
            objects,
            include,
            format.tableVersion(),
            metadata,
            !columnsSent,
            clock.instant());
    columnsSent = true;
    return table;
  }

  private byte[] encode(String type, Map<String, Object> object) {
    if (format.encoding() == Encoding.PROTOBUF && format.view() != View.TABLE) {
      return ProtobufCodec.watchFrame(type, ProtobufCodec.encode(object));
    }
    Map<String, Object> event = new LinkedHashMap<>();
    event.put("type", type);
    event.put("object", object);
    byte[] json = Json.write(event);
    byte[] line = java.util.Arrays.copyOf(json, json.length + 1);
    line[json.length] = '\n';
    return line;
  }
}

package io.kubra.api.protobuf;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.status.ApiException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** Object trees to and from {@code application/vnd.kubernetes.protobuf}. */
public final class ProtobufCodec {
  /** The media type of a single object, and with {@code ;stream=watch} of a watch. */
  public static final String MEDIA_TYPE = "application/vnd.kubernetes.protobuf";

  private ProtobufCodec() {}

  /** Whether a kind has a protobuf form; custom resources have none. */
  public static boolean supports(GroupVersionKind kind) {
    String apiVersion =
        kind.group().isEmpty() ? kind.version() : kind.group() + "/" + kind.version();
    return Messages.builtin().of(apiVersion, kind.kind()) != null;
  }

  /**
   * Reads an object.
   *
   * @return the tree, apiVersion and kind first
   * @throws ApiException 400 when the bytes are not a well-formed object of a known kind
   */
  public static Map<String, Object> decode(byte[] body) {
    try {
      Envelope.Content content = Envelope.open(body);
      if (content.contentType().equals("application/json")) {
        return Json.parseObject(content.raw());
      }
      Message layout = Messages.builtin().of(content.apiVersion(), content.kind());
      if (layout == null) {
        throw ApiException.badRequest(
            "no kind \"%s\" is registered for version \"%s\""
                .formatted(content.kind(), content.apiVersion()));
      }
      Map<String, Object> tree = new LinkedHashMap<>();
      tree.put("apiVersion", content.apiVersion());
      tree.put("kind", content.kind());
      tree.putAll(
          new TreeReader()
              .message(layout, new ProtobufInput(content.raw(), 0, content.raw().length)));
      return tree;
    } catch (IllegalArgumentException | JsonSyntaxException e) {
      throw ApiException.badRequest(e.getMessage() == null ? "malformed protobuf" : e.getMessage());
    }
  }

  /**
   * Writes an object.
   *
   * @throws ApiException 406 when its kind has no protobuf form
   * @throws IllegalArgumentException when a value does not have the type of its field
   */
  public static byte[] encode(Map<String, Object> tree) {
    String apiVersion = tree.get("apiVersion") instanceof String text ? text : "";
    String kind = tree.get("kind") instanceof String text ? text : "";
    Message layout = Messages.builtin().of(apiVersion, kind);
    if (layout == null) {
      throw ApiException.generic(
          406,
          "NotAcceptable",
          "object %s, Kind=%s does not implement the protobuf marshalling interface and cannot be"
                  .formatted(apiVersion, kind)
              + " encoded to a protobuf message");
    }
    ProtobufOutput out = new ProtobufOutput();
    new TreeWriter(out).message(layout, tree);
    return Envelope.close(out, apiVersion, kind);
  }

  /**
   * One frame of a watch: length, event type, and the object as {@link #encode} returned it.
   *
   * @param type ADDED, MODIFIED, DELETED, BOOKMARK or ERROR
   */
  public static byte[] watchFrame(String type, byte[] object) {
    ProtobufOutput out = new ProtobufOutput();
    out.bytes(1, object);
    out.close(2, 0);
    out.string(1, type);
    byte[] event = out.toByteArray();
    return ByteBuffer.allocate(4 + event.length).putInt(event.length).put(event).array();
  }
}

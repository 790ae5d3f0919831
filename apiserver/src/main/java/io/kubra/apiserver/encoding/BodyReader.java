package io.kubra.apiserver.encoding;

import io.kubra.api.json.Json;
import io.kubra.api.json.JsonSyntaxException;
import io.kubra.api.json.Yaml;
import io.kubra.api.meta.GroupVersionKind;
import io.kubra.api.protobuf.ProtobufCodec;
import io.kubra.api.status.ApiException;
import io.kubra.apiserver.request.RequestContext;
import io.kubra.transport.http.BodyTooLargeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads request bodies: limits, media types, and the check against the schema. */
public final class BodyReader {
  /** The largest body. */
  public static final int LIMIT = 3 * 1024 * 1024;

  private static final List<String> ACCEPTED =
      List.of("application/json", "application/yaml", "application/vnd.kubernetes.protobuf");

  private final ObjectDecoder decoder;

  public BodyReader(ObjectDecoder decoder) {
    this.decoder = decoder;
  }

  /** The bytes of the body; 413 if there are too many, 429 if too many large ones are at work. */
  public static byte[] bytes(RequestContext c) {
    long length = c.exchange().bodyLength();
    if (length > LIMIT) {
      throw ApiException.tooLarge("limit is " + LIMIT);
    }
    c.hold(BodyBudget.OF_PROCESS.take(length < 0 ? LIMIT : length, mediaType(c).contains("yaml")));
    try {
      return c.exchange().readBody(LIMIT);
    } catch (BodyTooLargeException e) {
      throw ApiException.tooLarge("limit is " + LIMIT);
    }
  }

  /** The media type of the body without parameters, in lower case; JSON if none is given. */
  public static String mediaType(RequestContext c) {
    String type = c.exchange().headers().get("content-type");
    if (type == null || type.isBlank()) {
      return "application/json";
    }
    int semicolon = type.indexOf(';');
    return (semicolon < 0 ? type : type.substring(0, semicolon)).strip().toLowerCase(Locale.ROOT);
  }

  /**
   * Reads an object of one kind.
   *
   * @throws ApiException 400 if it cannot be decoded or is of another kind, 413, 415
   */
  public Map<String, Object> object(
      RequestContext c, GroupVersionKind expected, FieldValidation validation) {
    byte[] body = bytes(c);
    if (mediaType(c).equals("application/vnd.kubernetes.protobuf")
        && decoder.catalogue().addedKind(expected) != null) {
      throw ApiException.unsupportedMediaType(ACCEPTED.subList(0, 2));
    }
    List<String> duplicates = new ArrayList<>(0);
    Map<String, Object> tree =
        parse(
            body, mediaType(c), expected, validation == FieldValidation.IGNORE ? null : duplicates);
    return decoder.decode(tree, expected, validation, duplicates, c::warn);
  }

  /** Reads an object of whatever kind, for example DeleteOptions; null if there is no body. */
  public @Nullable Map<String, Object> optional(RequestContext c, GroupVersionKind expected) {
    byte[] body = bytes(c);
    if (body.length == 0) {
      return null;
    }
    return parse(body, mediaType(c), expected, null);
  }

  private static Map<String, Object> parse(
      byte[] body, String mediaType, GroupVersionKind expected, @Nullable List<String> duplicates) {
    try {
      return switch (mediaType) {
        case "application/json", "*/*", "text/json" -> json(body, duplicates);
        case "application/yaml", "application/x-yaml", "text/yaml" -> yaml(body, duplicates);
        case "application/vnd.kubernetes.protobuf" -> ProtobufCodec.decode(body);
        default -> throw ApiException.unsupportedMediaType(ACCEPTED);
      };
    } catch (JsonSyntaxException e) {
      throw unrecognized(body, expected, e.message());
    }
  }

  private static Map<String, Object> json(byte[] body, @Nullable List<String> duplicates) {
    return duplicates == null ? Json.parseObject(body) : Json.parseObject(body, duplicates::add);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> yaml(byte[] body, @Nullable List<String> duplicates) {
    Object tree = duplicates == null ? Yaml.parse(body) : Yaml.parse(body, duplicates::add);
    if (tree instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw new JsonSyntaxException("json: cannot unmarshal into an object", 0);
  }

  private static ApiException unrecognized(byte[] body, GroupVersionKind expected, String why) {
    return ApiException.badRequest(
        "the object provided is unrecognized (must be of type "
            + expected.kind()
            + "): couldn't get version/kind; json parse error: "
            + why
            + " ("
            + hex(body)
            + ")");
  }

  private static String hex(byte[] body) {
    StringBuilder text = new StringBuilder();
    int shown = Math.min(body.length, 60);
    for (int i = 0; i < shown; i++) {
      text.append(Character.forDigit(body[i] >> 4 & 15, 16))
          .append(Character.forDigit(body[i] & 15, 16));
    }
    return shown < body.length ? text + " ..." : text.toString();
  }
}

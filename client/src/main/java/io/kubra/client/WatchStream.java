package io.kubra.client;

import io.kubra.api.status.ApiException;
import io.kubra.model.Codec;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/** The events of one watch, read by blocking. Closing it from another thread ends the wait. */
public final class WatchStream<T> implements AutoCloseable {
  private final ApiResponse response;
  private final JsonParser parser;
  private final Function<JsonParser, T> reader;

  WatchStream(ApiResponse response, Function<JsonParser, T> reader) {
    this.response = response;
    this.parser = Codec.parser(response.body());
    this.reader = reader;
  }

  /**
   * Waits for the next event.
   *
   * @return the event, or null when the server ended the watch
   * @throws ApiException if the server reported an error, such as 410 Expired
   */
  public @Nullable WatchEvent<T> next() {
    JsonToken start = parser.nextToken();
    if (start == null) {
      return null;
    }
    String type = "";
    T object = null;
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      if (name.equals("type")) {
        type = parser.getString();
      } else if (name.equals("object")) {
        if (type.equals("ERROR")) {
          throw Statuses.toException(asMap(Codec.tree(parser)));
        }
        object = reader.apply(parser);
      } else {
        parser.skipChildren();
      }
    }
    if (object == null) {
      throw ApiException.internal("watch event without object");
    }
    return new WatchEvent<>(WatchEvent.Type.valueOf(type), object);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> asMap(Object tree) {
    return tree instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  @Override
  public void close() {
    response.close();
  }
}

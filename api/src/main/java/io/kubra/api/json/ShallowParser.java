package io.kubra.api.json;

import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.parser.Parser;

/** Refuses YAML that is nested too deep before the library composes it by recursion. */
final class ShallowParser implements Parser {
  private final Parser inner;
  private int depth;

  ShallowParser(Parser inner) {
    this.inner = inner;
  }

  @Override
  public boolean checkEvent(Event.ID id) {
    return inner.checkEvent(id);
  }

  @Override
  public Event peekEvent() {
    return inner.peekEvent();
  }

  @Override
  public boolean hasNext() {
    return inner.hasNext();
  }

  @Override
  public Event next() {
    Event event = inner.next();
    switch (event.getEventId()) {
      case SequenceStart, MappingStart -> {
        if (++depth > JsonReader.MAX_DEPTH) {
          throw new JsonSyntaxException("yaml: exceeded max depth", 0);
        }
      }
      case SequenceEnd, MappingEnd -> depth--;
      case Alias, Comment, DocumentEnd, DocumentStart, Scalar, StreamEnd, StreamStart -> {}
    }
    return event;
  }
}
